using System.Text;

namespace StarKV.Decode;

/// <summary>Ends a text at the first stop string, and passes on only what cannot become part of one.</summary>
/// <param name="stops">The stop strings; none of them empty.</param>
/// <param name="onText">Called with each piece that is certain.</param>
internal sealed class StopStrings(IReadOnlyList<string> stops, Action<string>? onText)
{
    private readonly StringBuilder _text = new();
    private int _passed;

    /// <summary>The text so far, without a stop string.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds a piece; true when a stop string is complete.</summary>
    public bool Push(string piece)
    {
        _text.Append(piece);
        var all = _text.ToString();
        var end = stops.Select(s => all.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (end >= 0)
            _text.Length = end;
        Pass(end >= 0 ? end : all.Length - Held(all));
        return end >= 0;
    }

    /// <summary>Passes on what was held back and returns the whole text.</summary>
    public string Finish()
    {
        Pass(_text.Length);
        return Text;
    }

    /// <summary>The length of the longest end of <paramref name="all"/> that begins a stop string.</summary>
    private int Held(string all) => stops
        .Select(s => Enumerable.Range(1, Math.Min(s.Length - 1, all.Length)).LastOrDefault(n => all.EndsWith(s[..n], StringComparison.Ordinal)))
        .DefaultIfEmpty(0).Max();

    private void Pass(int end)
    {
        if (end > _passed)
            onText?.Invoke(_text.ToString(_passed, end - _passed));
        _passed = Math.Max(_passed, end);
    }
}
