using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace StarKV.Inspect.Page;

/// <summary>A piece of HTML. Written as <c>Html.Of($"…")</c>: what stands between braces is escaped, unless it is HTML itself.</summary>
/// <param name="Markup">The markup.</param>
internal readonly record struct Html(string Markup)
{
    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>The pieces of an interpolated string, escaped; numbers in the invariant culture.</summary>
    public static Html Of(Handler text) => new(text.ToString());

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p.Markup)));

    /// <inheritdoc/>
    public override string ToString() => Markup;

    /// <summary>Puts an interpolated string together; the compiler calls it.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(Html piece) => _text.Append(piece.Markup);

        public void AppendFormatted(IEnumerable<Html> pieces) => _text.Append(Join(pieces).Markup);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
