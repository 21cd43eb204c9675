using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;

namespace StarKV.MiniGui.Histories;

/// <summary>An application that answers clicks and typing. What is open in front of the window takes every click.</summary>
internal sealed class App(ScreenDraft draft, string layout)
{
    private readonly List<Element> _window = draft.Elements;
    private List<Element> _front = [];
    private int _page;
    private int _nextId = draft.Elements.Count;

    public ScreenDraft Draft { get; } = draft;

    public bool HasFront => _front.Count > 0;

    public Screen Shot() => new(Draft.Size, Draft.Look, layout, [.. Shown(), .. _front]);

    /// <summary>What can be clicked now: the elements in front, else those of the current page.</summary>
    public List<Element> Reachable() => HasFront ? _front : [.. Shown()];

    /// <summary>Opens a dialog or menu.</summary>
    public void Open(IEnumerable<Element> front) => _front = [.. front.Select(e => e with { Id = _nextId++, Layer = 1 })];

    public void Click(Element element)
    {
        if (HasFront)
        {
            _front = [];
            return;
        }

        Change(e => e with { Focused = e.Id == element.Id && e.Kind is not (ElementKind.Tab or ElementKind.Row) });
        if (element.Kind is ElementKind.Checkbox or ElementKind.Switch)
            Change(e => e.Id == element.Id ? e with { On = !e.On } : e);
        if (element.Kind is ElementKind.Radio or ElementKind.Row or ElementKind.Tab)
            Change(e => e.Kind == element.Kind && e.Group == element.Group ? e with { On = e.Id == element.Id } : e);
        if (element.Kind is ElementKind.Tab)
            _page = _window.Where(e => e.Kind is ElementKind.Tab).ToList().FindIndex(e => e.Id == element.Id);
    }

    public void Type(string word) => Change(e => e.Focused
        ? Controls.Field(Draft.Look, e.Box.X, e.Box.Y, e.Box.Width, e.Name, word) with
        {
            Id = e.Id,
            Page = e.Page,
            Group = e.Group,
            Focused = true,
        }
        : e);

    public void Highlight(Element row) => Change(e => e.Id == row.Id ? e with { On = true } : e);

    /// <summary>No row is highlighted any more, and maybe the rows of that list change places.</summary>
    public void ClearHighlight(bool shuffle)
    {
        var list = _window.First(e => e is { Kind: ElementKind.Row, On: true });
        Change(e => e.Kind is ElementKind.Row ? e with { On = false } : e);
        if (!shuffle)
            return;
        var rows = _window.Where(e => e.Kind is ElementKind.Row && e.Group == list.Group).ToList();
        var places = Draft.Random.Shuffled(rows);
        var moves = rows.Zip(places, (row, place) => (row.Text, row.Id, Dy: place.Box.Y - row.Box.Y, place.Accented)).ToList();
        foreach (var (text, id, dy, accented) in moves)
            Change(e =>
                e.Id == id ? e.Moved(0, dy) with { Accented = accented }
                    : e.Kind is ElementKind.RowIcon && e.Name == text ? e.Moved(0, dy)
                    : e);
    }

    private IEnumerable<Element> Shown() => _window.Where(e => e.Page < 0 || e.Page == _page);

    private void Change(Func<Element, Element> change)
    {
        for (var i = 0; i < _window.Count; i++)
            _window[i] = change(_window[i]);
    }
}
