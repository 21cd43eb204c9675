using SkiaSharp;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Draw;

/// <summary>Draws one element: its background, its icon, its words.</summary>
internal sealed class ElementPainter : IDisposable
{
    private readonly Brush _brush = new();

    public void Paint(SKCanvas canvas, SKBitmap bitmap, ScreenLook look, Element element)
    {
        var theme = look.Theme;
        _brush.On(canvas, bitmap);
        Back(look, element);
        var ink = Ink(theme, element);
        if (element.Icon is { } icon)
            _brush.Icon(IconShapes.Get(icon), element.IconBox, element.Kind is ElementKind.Tile ? theme.Accent : ink);
        var text = element.Kind is ElementKind.Field ? element.Value : element.Text;
        if (text != "")
            _brush.Text(text, element.TextBox, look.Type, ink);
        if (element.Kind is ElementKind.Link)
            _brush.Fill(new Box(element.TextBox.X, element.TextBox.Y + look.Type.Ascent + 2, element.TextBox.Width, 1), theme.Accent);
        if (element is { Kind: ElementKind.Field, Focused: true })
            _brush.Fill(
                new Box(element.Value == "" ? element.TextBox.X : element.TextBox.Right + 1, element.TextBox.Y, 1, element.TextBox.Height),
                theme.Text);
    }

    public void Dispose() => _brush.Dispose();

    private void Back(ScreenLook look, Element element)
    {
        var (theme, box) = (look.Theme, element.Box);
        switch (element.Kind)
        {
            case ElementKind.Panel when element.Layer > 0:
                _brush.Fill(box.Moved(4, 4), Theme.Mix(theme.Desktop, SKColors.Black, 50));
                _brush.Framed(box, look.Corner / 2, theme.Back, theme.Accent, 1);
                break;
            case ElementKind.Panel:
                _brush.Framed(box, 0, theme.Back, theme.Line, 1);
                break;
            case ElementKind.Bar:
                _brush.Fill(box, theme.Chrome);
                break;
            case ElementKind.Button:
                _brush.Framed(
                    box,
                    look.Corner,
                    element.Accented ? theme.Accent : theme.Button,
                    element.Focused ? theme.Text : theme.Line,
                    element.Focused ? 2 : 1);
                break;
            case ElementKind.IconButton:
                if (element.Focused)
                    _brush.Framed(box, look.Corner, theme.Button, theme.Text, 1);
                else if (look.Corner % 2 == 0)
                    _brush.Framed(box, look.Corner, theme.Button, theme.Line, 1);
                break;
            case ElementKind.Field:
                _brush.Framed(box, look.Corner, theme.Field, element.Focused ? theme.Accent : theme.Line, element.Focused ? 2 : 1);
                break;
            case ElementKind.Row:
                _brush.Fill(box, element.On ? theme.Highlight : element.Accented ? theme.Stripe : theme.Back);
                _brush.Fill(new Box(box.X, box.Bottom - 1, box.Width, 1), theme.Line);
                break;
            case ElementKind.NavItem or ElementKind.MenuEntry or ElementKind.MenuItem when element.On || element.Focused:
                _brush.Framed(box, look.Corner, theme.Highlight, theme.Highlight, 0);
                break;
            case ElementKind.Block:
                _brush.Framed(box, look.Corner, element.Accented ? theme.Stripe : theme.Button, theme.Line, 1);
                if (element.IconBox.Area > 0)
                    _brush.Framed(element.IconBox, look.Corner, theme.Highlight, theme.Line, 1);
                break;
            case ElementKind.Card:
                _brush.Framed(box, look.Corner, theme.Back, theme.Line, 1);
                break;
            case ElementKind.Cell:
                _brush.Fill(new Box(box.X, box.Bottom - 1, box.Width, 1), theme.Line);
                break;
            case ElementKind.Tab:
                _brush.Fill(box, element.On ? theme.Back : Theme.Mix(theme.Chrome, theme.Text, 8));
                if (element.On)
                    _brush.Fill(box with { Height = 3 }, theme.Accent);
                break;
            case ElementKind.Checkbox or ElementKind.Radio or ElementKind.Switch:
                Check(look, element);
                break;
        }
    }

    private void Check(ScreenLook look, Element element)
    {
        var (theme, box) = (look.Theme, element.IconBox);
        var (fill, line) = element.On ? (theme.Accent, theme.Accent) : (theme.Field, Theme.Mix(theme.Back, theme.Text, 60));
        switch (element.Kind)
        {
            case ElementKind.Checkbox:
                _brush.Framed(box, look.Corner / 2, fill, line, 1);
                if (element.On)
                    _brush.Icon(IconShapes.Get("check"), box.Grown(-1, -1), theme.OnAccent);
                break;
            case ElementKind.Radio:
                _brush.Framed(box, box.Height / 2f, theme.Field, line, 1);
                if (element.On)
                    _brush.Framed(box.Grown(-4, -4), (box.Height - 8) / 2f, fill, fill, 0);
                break;
            default:
                _brush.Framed(box, box.Height / 2f, element.On ? theme.Accent : Theme.Mix(theme.Back, theme.Text, 35), line, 0);
                var knob = new Box(element.On ? box.Right - box.Height : box.X, box.Y, box.Height, box.Height).Grown(-2, -2);
                _brush.Framed(knob, knob.Height / 2f, element.On ? theme.OnAccent : theme.Back, line, 0);
                break;
        }
    }

    private static SKColor Ink(Theme theme, Element element) => element.Kind switch
    {
        ElementKind.Button when element.Accented => theme.OnAccent,
        ElementKind.Link or ElementKind.Heading => theme.Accent,
        ElementKind.Text => theme.Muted,
        ElementKind.Tab when !element.On => theme.Muted,
        _ => theme.Text,
    };
}
