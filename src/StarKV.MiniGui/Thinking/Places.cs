using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Thinking;

/// <summary>Where elements are, in the words of a thought: a ninth of the screen, or a row of a list, menu or grid.</summary>
internal static class Places
{
    private static readonly string[] s_ninths =
        ["top left", "top", "top right", "left", "center", "right", "lower left", "lower end", "lower right"];

    /// <summary>The ninth of the screen in which a box has its middle, such as <c>at the top left</c>.</summary>
    public static string Of(Box box, ScreenSize size)
    {
        var (column, row) = (Third(box.Center.X, size.Width), Third(box.Center.Y, size.Height));
        return $"at the {s_ninths[3 * row + column]}";
    }

    /// <summary>The row of its list, menu or grid where an element has one and all of it is in view, else its ninth.</summary>
    public static string Of(Element element, Screen screen)
    {
        var group = element.Kind switch
        {
            ElementKind.Row => "list",
            ElementKind.MenuEntry => "menu",
            ElementKind.Tile or ElementKind.Block => "grid",
            _ => "",
        };
        return group != "" && RowOf(element, screen) is { } row ? FormattableString.Invariant($"in row {row} of the {group}")
            : Of(element.Target.Area > 0 ? element.Target : element.TextBox, screen.Size);
    }

    /// <summary>The number of an element's row among those of its kind and group, from 1; null when some of them are hidden.</summary>
    public static int? RowOf(Element element, Screen screen)
    {
        var group = screen.Elements.Where(e => e.Kind == element.Kind && e.Group == element.Group && e.Layer == element.Layer).ToList();
        return element.Group < 0 || !group.TrueForAll(screen.IsVisible) ? null
            : 1 + group.Select(e => e.Box.Y).Distinct().Count(y => y < element.Box.Y);
    }

    private static int Third(int at, int side) => Math.Min(2, 3 * at / side);
}
