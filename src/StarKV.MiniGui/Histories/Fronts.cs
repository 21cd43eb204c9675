using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;

namespace StarKV.MiniGui.Histories;

/// <summary>What opens in front of a window: a dialog, maybe with keys and values, or a menu.</summary>
internal static class Fronts
{
    /// <summary>A dialog with a title, lines of a key and a value, and a button that closes it; null when no words fitted.</summary>
    /// <param name="draft">Look and words.</param>
    /// <param name="facts">How many lines at most.</param>
    /// <param name="button">The button's words; null (default) for new ones.</param>
    public static List<Element>? Dialog(ScreenDraft draft, int facts, string? button = null)
    {
        var (look, random) = (draft.Look, draft.Random);
        var room = draft.Size.Width * 2 / 5 - look.Gap;
        var longRoom = draft.Vocabulary.HasLongValues ? draft.Size.Width * 3 / 5 : room;
        var keys = draft.Labels.Labels(facts, room);
        var lines = keys.Select(key => (Key: key, Value: draft.Labels.Value(longRoom))).Where(l => l.Value is not null).ToList();
        if (draft.Labels.Label(room) is not { } title
            || (button ?? draft.Labels.Label(room)) is not { } close
            || lines.Count < Math.Min(1, facts))
            return null;
        var indent = lines.Count == 0 ? 0 : lines.Max(l => look.Type.Measure(l.Key)) + look.Gap + 4;
        var closing = Controls.Button(look, 0, 0, close) with { Accented = random.Chance(0.7) };
        var inner = Math.Max(
            Math.Max(look.Type.Measure(title), closing.Box.Width),
            lines.Count == 0 ? 0 : indent + lines.Max(l => look.Type.Measure(l.Value!)))
            + random.Between(0, 30);
        var step = look.Type.LineHeight + look.Gap;
        var (width, height) = (inner + 2 * look.Gap + 8, step * (1 + lines.Count) + look.Control + 2 * look.Gap);
        // The shadow is 4 px wide.
        if (width + 8 > draft.Size.Width || height + 8 > draft.Size.Height)
            return null;
        var box = new Box(
            random.Between(2, draft.Size.Width - width - 5), random.Between(2, draft.Size.Height - height - 5), width, height);
        var (x, y) = (box.X + look.Gap + 4, box.Y + look.Gap);
        List<Element> dialog = [new(ElementKind.Panel, box), Controls.Words(look, ElementKind.Heading, x, y, title)];
        foreach (var (key, value) in lines)
        {
            y += step;
            dialog.Add(Controls.Words(look, ElementKind.Label, x, y, key));
            dialog.Add(Controls.Words(look, ElementKind.Text, x + indent, y, value!) with { Name = key });
        }

        dialog.Add(closing.Moved(box.Right - look.Gap - 4 - closing.Box.Width, box.Bottom - look.Gap - look.Control));
        return dialog;
    }

    /// <summary>The menu below a word of the menu bar; null when no words fitted.</summary>
    public static List<Element>? Menu(ScreenDraft draft, Element item)
    {
        var look = draft.Look;
        var entries = draft.Labels.Labels(draft.Random.Between(3, 6), draft.Size.Width / 2);
        if (entries.Count < 2)
            return null;
        var height = look.Type.LineHeight + 2 * look.Pad;
        var width = entries.Max(look.Type.Measure) + 2 * look.Pad + 12;
        var box = new Box(Math.Min(item.Box.X, draft.Size.Width - width - 5), item.Box.Bottom, width, height * entries.Count + 4);
        if (box.X < 0 || box.Bottom + 5 > draft.Size.Height)
            return null;
        return [new(ElementKind.Panel, box), .. entries.Select(Entry)];

        Element Entry(string text, int i)
        {
            var place = new Box(box.X + 2, box.Y + 2 + i * height, width - 4, height);
            return Controls.Entry(look, ElementKind.MenuEntry, place, text, null, look.Pad + 4) with { Group = int.MaxValue };
        }
    }
}
