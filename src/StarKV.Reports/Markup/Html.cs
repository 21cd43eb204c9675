using System.Net;
using StarKV.Files;

namespace StarKV.Reports.Markup;

/// <summary>A piece of HTML. Written as <c>Html.Of($"…")</c>: what stands between braces is escaped, unless it is HTML itself.</summary>
/// <param name="Markup">The markup.</param>
public readonly record struct Html(string Markup) : IMarkup
{
    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>The pieces of an interpolated string, escaped; numbers in the invariant culture.</summary>
    public static Html Of(MarkupHandler<Html> text) => new(text.ToString());

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p.Markup)));

    /// <inheritdoc/>
    /// <remarks>Line breaks stay; browsers show them where a page says so.</remarks>
    public static string Escape(string text) => WebUtility.HtmlEncode(VisibleText.Lines(text));

    /// <inheritdoc/>
    public override string ToString() => Markup;
}
