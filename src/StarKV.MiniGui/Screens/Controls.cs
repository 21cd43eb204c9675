using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Screens;

/// <summary>Single elements: from a place, words and an icon to all their boxes.</summary>
internal static class Controls
{
    /// <summary>A button as wide as its content, or <paramref name="width"/> if that is given.</summary>
    public static Element Button(ScreenLook look, int x, int y, string text, string? icon = null, int width = 0)
    {
        var inner = Inner(look, text, icon);
        width = Math.Max(width, inner + 2 * look.Pad + 8);
        var element = Line(look, ElementKind.Button, new Box(x, y, width, look.Control), text, icon, x + (width - inner) / 2);
        return element with { Target = element.Box };
    }

    public static Element IconButton(ScreenLook look, int x, int y, string icon)
    {
        var box = new Box(x, y, look.Icon + 2 * look.Pad, look.Icon + 2 * look.Pad);
        return new(ElementKind.IconButton, box) { Icon = icon, IconBox = box.Grown(-look.Pad, -look.Pad), Target = box };
    }

    /// <summary>Words alone; a click on them counts only when <paramref name="kind"/> is a link.</summary>
    public static Element Words(ScreenLook look, ElementKind kind, int x, int y, string text, int height = 0)
    {
        height = Math.Max(height, look.Type.LineHeight);
        var element = Line(look, kind, new Box(x, y, look.Type.Measure(text), height), text, null, x);
        return kind is ElementKind.Link ? element with { Target = element.TextBox.Grown(2, 1) } : element;
    }

    public static Element Field(ScreenLook look, int x, int y, int width, string name, string value)
    {
        var box = new Box(x, y, width, look.Control);
        var text = new Box(
            x + look.Pad + 2, y + (box.Height - look.Type.LineHeight) / 2, Math.Max(1, look.Type.Measure(value)), look.Type.LineHeight);
        return new(ElementKind.Field, box) { Name = name, Value = value, TextBox = text, Target = box };
    }

    /// <summary>A checkbox, radio or switch with words to its right.</summary>
    public static Element Check(ScreenLook look, ElementKind kind, int x, int y, string text, bool on)
    {
        var side = look.Type.LineHeight - 1;
        var mark = new Box(x, y + (look.Control - side) / 2, kind == ElementKind.Switch ? side * 9 / 5 : side, side);
        var textX = mark.Right + look.Pad + 3;
        var box = new Box(x, y, textX + look.Type.Measure(text) - x, look.Control);
        return Line(look, kind, box, text, null, textX) with { IconBox = mark, On = on, Target = mark.Grown(3, 3) };
    }

    /// <summary>A row, tab, menu word or sidebar entry: its target hugs icon and words, not the whole width.</summary>
    public static Element Entry(ScreenLook look, ElementKind kind, Box box, string text, string? icon, int indent)
    {
        var element = Line(look, kind, box, text, icon, box.X + indent);
        return element with { Target = element.TextBox.Union(icon is null ? default : element.IconBox).Grown(3, 2) };
    }

    /// <summary>An icon above centred words.</summary>
    public static Element Tile(ScreenLook look, Box box, string text, string icon, int side)
    {
        var iconBox = new Box(box.X + (box.Width - side) / 2, box.Y + 2, side, side);
        var width = look.Type.Measure(text);
        var textBox = new Box(box.X + (box.Width - width) / 2, iconBox.Bottom + 3, width, look.Type.LineHeight);
        return new(ElementKind.Tile, box)
        {
            Text = text,
            TextBox = textBox,
            Icon = icon,
            IconBox = iconBox,
            Target = iconBox.Union(textBox).Grown(2, 1),
        };
    }

    private static int Inner(ScreenLook look, string text, string? icon) =>
        look.Type.Measure(text) + (icon is null ? 0 : look.Icon + look.Pad + 1);

    private static Element Line(ScreenLook look, ElementKind kind, Box box, string text, string? icon, int x)
    {
        var iconBox = icon is null ? default : new Box(x, box.Y + (box.Height - look.Icon) / 2, look.Icon, look.Icon);
        var textX = icon is null ? x : iconBox.Right + look.Pad + 1;
        var textBox = new Box(textX, box.Y + (box.Height - look.Type.LineHeight) / 2, look.Type.Measure(text), look.Type.LineHeight);
        return new(kind, box) { Text = text, TextBox = textBox, Icon = icon, IconBox = iconBox };
    }
}
