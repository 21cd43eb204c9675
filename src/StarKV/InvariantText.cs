using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace StarKV;

/// <summary>
/// An interpolated string whose numbers are written in the invariant culture, whatever the culture of the program that uses the library.
/// </summary>
/// <remarks>
/// Filled by the compiler: <c>FormattableString.Invariant($"kept {share:P1}")</c>, or <c>new StarKvException($"…")</c>. Not thread-safe.
/// </remarks>
/// <param name="literalLength">Characters between the values.</param>
/// <param name="formattedCount">Number of values.</param>
[InterpolatedStringHandler]
public readonly ref struct InvariantText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    /// <summary>Adds text; called by the compiler.</summary>
    public void AppendLiteral(string text) => _text.Append(text);

    /// <summary>Adds text; called by the compiler.</summary>
    public void AppendFormatted(string? text) => _text.Append(text);

    /// <summary>Adds characters; called by the compiler.</summary>
    public void AppendFormatted(ReadOnlySpan<char> text) => _text.Append(text);

    /// <summary>Adds a value; called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null) =>
        _text.Append(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    /// <summary>Adds a value, padded to a width (to the left where it is negative); called by the compiler.</summary>
    public void AppendFormatted<T>(T value, int alignment, string? format = null)
    {
        var start = _text.Length;
        AppendFormatted(value, format);
        var missing = Math.Abs(alignment) - (_text.Length - start);
        if (missing > 0)
            _text.Insert(alignment < 0 ? _text.Length : start, " ", missing);
    }

    /// <inheritdoc/>
    public override string ToString() => _text?.ToString() ?? "";
}
