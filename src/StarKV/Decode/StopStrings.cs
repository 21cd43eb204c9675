using System.Text;

namespace StarKV.Decode;

/// <summary>Ends a text at the first stop string, and passes on only what cannot become part of one.</summary>
/// <param name="stops">The stop strings; none of them empty.</param>
/// <param name="onText">Called with each piece that is certain.</param>
internal sealed class StopStrings(IReadOnlyList<string> stops, Action<string>? onText)
{
    private readonly StringBuilder _text = new();
    private readonly int _longest = stops.Select(s => s.Length).DefaultIfEmpty(0).Max();
    private int _passed;

    /// <summary>The text so far, without a stop string.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds a piece; true when a stop string is complete.</summary>
    public bool Push(string piece)
    {
        // What was there before holds no stop string, but may end with the beginning of one.
        var start = Math.Max(0, _text.Length - Math.Max(0, _longest - 1));
        _text.Append(piece);
        var tail = _text.ToString(start, _text.Length - start);
        var end = stops.Select(s => tail.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (end >= 0)
            _text.Length = start + end;
        Pass(end >= 0 ? start + end : _text.Length - Held(tail));
        return end >= 0;
    }

    /// <summary>Passes on what was held back and returns the whole text.</summary>
    public string Finish()
    {
        Pass(_text.Length);
        return Text;
    }

    /// <summary>The length of the longest end of <paramref name="tail"/> that begins a stop string.</summary>
    private int Held(string tail) => stops
        .Select(
            s => Enumerable.Range(1, Math.Min(s.Length - 1, tail.Length))
                .LastOrDefault(n => tail.EndsWith(s[..n], StringComparison.Ordinal)))
        .DefaultIfEmpty(0).Max();

    private void Pass(int end)
    {
        if (end > _passed)
            onText?.Invoke(_text.ToString(_passed, end - _passed));
        _passed = Math.Max(_passed, end);
    }
}
