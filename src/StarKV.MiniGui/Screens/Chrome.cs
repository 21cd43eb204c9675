using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;

namespace StarKV.MiniGui.Screens;

/// <summary>Puts the window and its bars on a screen and returns the place that is left for content.</summary>
internal sealed class Chrome(ScreenDraft draft, Blueprint blueprint)
{
    private readonly SeededRandom _random = draft.Random;
    private readonly ScreenLook _look = draft.Look;
    private Box _free = new(0, 0, draft.Size.Width, draft.Size.Height);

    /// <summary>Adds everything but the content.</summary>
    public Box Add()
    {
        AddFrame();
        if (blueprint.Title)
            AddTitle();
        if (blueprint.Menu)
            AddMenu();
        if (blueprint.Toolbar is Toolbar.Top)
            AddToolbar();
        if (blueprint.Status)
            AddStatus();
        if (blueprint.Frame is Frame.Phone && _random.Chance(0.6))
            AddBottomTiles();
        if (blueprint.Sidebar is not Sidebar.None)
            AddSidebar();
        if (blueprint.Toolbar is Toolbar.Side)
            AddSideTools();
        if (blueprint.Tabs)
            AddTabs();
        return _free.Grown(-_look.Gap, -_look.Gap);
    }

    private void AddFrame()
    {
        var (w, h) = (draft.Size.Width, draft.Size.Height);
        if (blueprint.Frame is Frame.Window)
            _free = Within(_random.Between(6, 28), _random.Between(6, 28), _random.Between(6, 28), _random.Between(6, 28));
        if (blueprint.Frame is Frame.Dialog)
            _free = Within(
                _random.Between(w / 16, w / 8),
                _random.Between(h / 16, h / 8),
                _random.Between(w / 16, w / 8),
                _random.Between(h / 16, h / 8));
        draft.Add(new Element(ElementKind.Panel, _free));
        if (blueprint.Frame is Frame.Window or Frame.Dialog)
            _free = _free.Grown(-1, -1);
        Box Within(int left, int top, int right, int bottom) => new(left, top, w - left - right, h - top - bottom);
    }

    private void AddTitle()
    {
        var bar = Top(_look.Icon + 2 * _look.Pad);
        var right = bar.Right - 2;
        for (var i = _random.Below(3); i > 0 && draft.Labels.Icon() is { } icon; i--)
        {
            right -= _look.Icon + 2 * _look.Pad;
            draft.Add(Controls.IconButton(_look, right, bar.Y, icon));
        }

        var x = bar.X + _look.Pad + 4;
        if (blueprint.Frame is Frame.Phone && draft.Labels.Icon() is { } back)
        {
            draft.Add(Controls.IconButton(_look, bar.X + 2, bar.Y, back));
            x += _look.Icon + 2 * _look.Pad;
        }

        if (draft.Labels.Label(right - x - 8) is { } title)
        {
            var centred = _random.Chance(0.3) ? Math.Max(0, (right - x - _look.Type.Measure(title)) / 2) : 0;
            draft.Add(Controls.Words(_look, ElementKind.Title, x + centred, bar.Y, title, bar.Height));
        }
    }

    private void AddMenu()
    {
        var bar = Top(_look.Type.LineHeight + _look.Pad * 2);
        Along(bar, ElementKind.MenuItem, _random.Between(3, 6), 0);
    }

    private void AddTabs()
    {
        // Content begins with the page; three pages are plenty.
        var bar = Top(_look.Type.LineHeight + _look.Pad * 2 + 2);
        Along(bar, ElementKind.Tab, _random.Between(2, 4), 0);
    }

    private void Along(Box bar, ElementKind kind, int count, int x)
    {
        var group = draft.NewGroup();
        x += bar.X + 4;
        for (var i = 0; i < count; i++)
        {
            if (draft.Labels.Label(Math.Min(bar.Right - x - 2 * _look.Pad - 8, draft.Size.Width / 3)) is not { } text)
                return;
            var box = new Box(x, bar.Y, _look.Type.Measure(text) + 2 * _look.Pad + 6, bar.Height);
            draft.Add(
                Controls.Entry(_look, kind, box, text, null, _look.Pad + 3) with { Group = group, On = kind is ElementKind.Tab && i == 0 });
            x = box.Right + (kind is ElementKind.Tab ? 2 : 0);
        }
    }

    private void AddToolbar()
    {
        var bar = Top(_look.Icon + 2 * _look.Pad + 4);
        var (group, x) = (draft.NewGroup(), bar.X + 4);
        for (var i = _random.Between(3, 10); i > 0 && x + _look.Icon + 2 * _look.Pad < bar.Right && draft.Labels.Icon() is { } icon; i--)
        {
            var button = Controls.IconButton(_look, x, bar.Y + 2, icon) with { Group = group };
            draft.Add(button);
            x = button.Box.Right + (_random.Chance(0.15) ? _look.Gap + 4 : 2);
        }
    }

    private void AddSideTools()
    {
        var side = _look.Icon + 2 * _look.Pad + 4;
        var bar = Left(side);
        var (group, y) = (draft.NewGroup(), bar.Y + 4);
        for (var i = _random.Between(3, 8); i > 0 && y + side < bar.Bottom && draft.Labels.Icon() is { } icon; i--)
        {
            draft.Add(Controls.IconButton(_look, bar.X + 2, y, icon) with { Group = group });
            y += side;
        }
    }

    private void AddStatus()
    {
        var bar = Bottom(_look.Type.LineHeight + 4);
        var x = bar.X + 6;
        for (var i = _random.Between(1, 2); i > 0 && draft.Labels.Label(bar.Width / 2 - 10) is { } text; i--)
        {
            draft.Add(Controls.Words(_look, ElementKind.Text, x, bar.Y, text, bar.Height));
            x = bar.X + bar.Width / 2;
        }
    }

    private void AddBottomTiles()
    {
        var side = _look.Icon + 3;
        var bar = Bottom(side + _look.Type.LineHeight + 10);
        var (group, count) = (draft.NewGroup(), _random.Between(2, 4));
        for (var i = 0; i < count; i++)
            if (draft.Labels.Label(bar.Width / count - 8) is { } text && draft.Labels.Icon() is { } icon)
            {
                var box = new Box(bar.X + bar.Width * i / count, bar.Y + 2, bar.Width / count, bar.Height - 4);
                draft.Add(Controls.Tile(_look, box, text, icon, side) with { Group = group });
            }
    }

    private void AddSidebar()
    {
        var width = Math.Clamp(draft.Size.Width * _random.Between(22, 30) / 100, 96, 220);
        var bar = blueprint.Sidebar is Sidebar.Left ? Left(width) : Right(width);
        var group = draft.NewGroup();
        var y = bar.Y + _look.Gap;
        var icons = _random.Chance(0.4);
        var current = _random.Below(4);
        for (var i = 0; i < 9 && y + _look.Control + 2 < bar.Bottom; i++)
        {
            var icon = icons ? draft.Labels.Icon() : null;
            if (draft.Labels.Label(bar.Width - 2 * _look.Pad - 8 - (icon is null ? 0 : _look.Icon + _look.Pad)) is not { } text)
                break;
            var box = new Box(bar.X + 3, y, bar.Width - 6, _look.Control);
            draft.Add(Controls.Entry(_look, ElementKind.NavItem, box, text, icon, _look.Pad) with { Group = group, On = i == current });
            y += _look.Control + 2;
        }
    }

    private Box Top(int height)
    {
        var bar = _free with { Height = height };
        _free = new(_free.X, bar.Bottom, _free.Width, _free.Height - height);
        return AddBar(bar);
    }

    private Box Bottom(int height)
    {
        _free = _free with { Height = _free.Height - height };
        return AddBar(_free with { Y = _free.Bottom, Height = height });
    }

    private Box Left(int width)
    {
        var bar = _free with { Width = width };
        _free = new(bar.Right, _free.Y, _free.Width - width, _free.Height);
        return AddBar(bar);
    }

    private Box Right(int width)
    {
        _free = _free with { Width = _free.Width - width };
        return AddBar(_free with { X = _free.Right, Width = width });
    }

    private Box AddBar(Box bar)
    {
        draft.Add(new Element(ElementKind.Bar, bar));
        return bar;
    }
}
