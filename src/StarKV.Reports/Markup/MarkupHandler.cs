using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace StarKV.Reports.Markup;

/// <summary>
/// An interpolated string in a markup language: what stands between braces is escaped, unless it is markup itself; numbers are in the
/// invariant culture.
/// </summary>
/// <remarks>Filled by the compiler. Not thread-safe.</remarks>
/// <typeparam name="TMarkup">The language.</typeparam>
/// <param name="literalLength">Characters between the values.</param>
/// <param name="formattedCount">Number of values.</param>
[InterpolatedStringHandler]
public readonly ref struct MarkupHandler<TMarkup>(int literalLength, int formattedCount)
    where TMarkup : IMarkup
{
    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    /// <summary>Adds the text between values as it is; called by the compiler.</summary>
    public void AppendLiteral(string text) => _text.Append(text);

    /// <summary>Adds a piece of the language as it is; called by the compiler.</summary>
    public void AppendFormatted(TMarkup piece) => _text.Append(piece.Markup);

    /// <summary>Adds pieces one after the other; called by the compiler.</summary>
    public void AppendFormatted(IEnumerable<TMarkup> pieces) => _text.AppendJoin("", pieces.Select(p => p.Markup));

    /// <summary>Adds text, escaped; called by the compiler.</summary>
    public void AppendFormatted(string? text) => _text.Append(TMarkup.Escape(text ?? ""));

    /// <summary>Adds a number in the invariant culture; called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text?.ToString() ?? "";
}
