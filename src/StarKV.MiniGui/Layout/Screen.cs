using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Layout;

/// <summary>One screenshot before it is drawn.</summary>
/// <param name="Size">Width and height in pixels.</param>
/// <param name="Look">Colours, font, spacing.</param>
/// <param name="Layout">The arrangement's key, such as <c>Window/title/menu/top/1</c>.</param>
/// <param name="Elements">Everything on it, in the order of drawing.</param>
public sealed record Screen(ScreenSize Size, ScreenLook Look, string Layout, IReadOnlyList<Element> Elements)
{
    /// <summary>Every word and icon on the screen with its tight box, in the order of drawing; hidden ones included.</summary>
    public IEnumerable<Mark> Marks() => Elements.SelectMany(MarksOf);

    /// <summary>True when nothing in front of an element hides any of it.</summary>
    public bool IsVisible(Element element) => Covers(element.Layer).All(c => c.Overlap(element.Box) == 0);

    /// <summary>True when the word, or a whole text of several words, is drawn anywhere on the screen, be it hidden.</summary>
    public bool Shows(string word) => Elements.Any(e => Has(e.Text, word) || Has(e.Value, word));

    internal IEnumerable<Box> Covers(int layer) =>
        Elements.Where(e => e.Kind == ElementKind.Panel && e.Layer > layer).Select(e => e.Box);

    private static bool Has(string text, string word) => text == word || text.Split(' ').Contains(word, StringComparer.Ordinal);

    private IEnumerable<Mark> MarksOf(Element element)
    {
        foreach (var (index, (word, ink)) in Look.Type.Words(element.Words, element.TextBox.X, element.TextBox.Y).Index())
            yield return new Mark(word, false, ink, element.Layer) { Follows = index > 0 };
        if (element.Icon is { } icon)
            yield return new Mark(icon, true, IconShapes.Get(icon).Ink(element.IconBox), element.Layer) { Follows = true };
    }
}

/// <summary>One drawn word or icon.</summary>
/// <param name="Name">The word, or the icon's name.</param>
/// <param name="IsIcon">True for an icon.</param>
/// <param name="Box">Tight box of its ink in pixels.</param>
/// <param name="Layer">See <see cref="Element.Layer"/>.</param>
public readonly record struct Mark(string Name, bool IsIcon, Box Box, int Layer)
{
    /// <value>True when texts write it after a space: a label's second word, and the name of an icon.</value>
    public bool Follows { get; init; }
}
