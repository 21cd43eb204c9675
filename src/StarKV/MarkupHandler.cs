using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace StarKV;

/// <summary>
/// An interpolated string in a markup language: what stands between braces is escaped, unless it is markup itself; numbers are in the
/// invariant culture.
/// </summary>
/// <remarks>Filled by the compiler. Not thread-safe.</remarks>
/// <typeparam name="TMarkup">The language.</typeparam>
/// <param name="literalLength">Characters between the values.</param>
/// <param name="formattedCount">Number of values.</param>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler<TMarkup>(int literalLength, int formattedCount)
    where TMarkup : IMarkup
{
    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(TMarkup piece) => _text.Append(piece.Markup);

    public void AppendFormatted(IEnumerable<TMarkup> pieces) => _text.AppendJoin("", pieces.Select(p => p.Markup));

    public void AppendFormatted(string? text) => _text.Append(TMarkup.Escape(text ?? ""));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
