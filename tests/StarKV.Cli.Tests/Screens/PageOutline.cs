using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StarKV.Cli.Tests.Screens;

/// <summary>A page as a person reads it: its blocks as indented lines, rows of tables as one line, pictures by their words.</summary>
internal static partial class PageOutline
{
    private static readonly string[] s_blocks =
    [
        "main", "header", "section", "footer", "div", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "table",
        "caption", "thead", "tbody", "tr", "pre", "details", "summary", "svg", "img", "select", "label", "nav", "article",
    ];

    /// <summary>The outline of an element and all in it.</summary>
    public static string Of(XElement element)
    {
        var lines = new StringBuilder();
        Write(lines, element, 0);
        return lines.ToString();
    }

    /// <summary>The content of a page between its tags <c>main</c>, read as XML.</summary>
    public static XElement MainOf(string html)
    {
        var start = html.IndexOf("<main", StringComparison.Ordinal);
        var main = html[start..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)];
        return XElement.Parse(Void().Replace(main, "<$1$2/>").Replace("&nbsp;", "&#160;", StringComparison.Ordinal), LoadOptions.PreserveWhitespace);
    }

    private static void Write(StringBuilder lines, XElement element, int depth)
    {
        var name = element.Name.LocalName;
        if (name is "script" or "style")
            return;
        var label = (string?)element.Attribute("class") is { Length: > 0 } kind ? $"{name}.{kind.Replace(' ', '.')}" : name;
        var text = name switch
        {
            "svg" => (string?)element.Attribute("aria-label") ?? "decoration",
            "img" => (string?)element.Attribute("alt") ?? "",
            "tr" => string.Join(" | ", element.Elements().Select(cell => Words(cell))),
            "select" => string.Join(" | ", element.Elements().Select(option => Words(option))),
            _ => HasBlocks(element) ? Words(element.Nodes().Where(n => n is XText || (n is XElement e && !s_blocks.Contains(e.Name.LocalName)))) : Words(element),
        };
        lines.Append(' ', 2 * depth).Append(label).Append(text.Length > 0 ? $": {text}" : "").Append('\n');
        if (name is "svg" or "img" or "select")
            return;
        // Of a row, what it holds beside its words.
        foreach (var child in name == "tr" ? element.Descendants().Where(e => e.Name.LocalName is "svg" or "img") : element.Elements())
        {
            if (s_blocks.Contains(child.Name.LocalName) || HasBlocks(child))
                Write(lines, child, depth + 1);
        }
    }

    private static bool HasBlocks(XElement element) => element.Descendants().Any(e => s_blocks.Contains(e.Name.LocalName));

    private static string Words(XElement element) => Words(element.Nodes());

    private static string Words(IEnumerable<XNode> nodes) => Space().Replace(string.Concat(nodes.Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "svg" or "img" or "script" or "style" } => " ",
        XElement { Name.LocalName: "br" } => " ",
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    /// <summary>Elements that HTML never closes.</summary>
    [GeneratedRegex("<(img|br|hr|input|col)\\b([^>]*?)/?>")]
    private static partial Regex Void();

    // A blank that does not break is a blank for a reader.
    [GeneratedRegex(@"[\s\u00A0\u202F]+")]
    private static partial Regex Space();
}
