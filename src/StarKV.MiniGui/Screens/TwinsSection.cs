using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>A list of five to ten rows in which one text comes two or three times, never next to itself.</summary>
internal static class TwinsSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var room = column.Width - 2 * look.Pad - 8;
        if (draft.Labels.Label(room) is not { } twin)
            return;
        var group = draft.NewGroup();
        var since = random.Below(2);
        for (var rows = random.Between(5, 10); rows > 0; rows--)
        {
            var isTwin = since > 0 && random.Chance(0.5);
            if ((isTwin ? twin : draft.Labels.Label(room)) is not { } text || column.Take(look.Control, 0) is not { } y)
                break;
            since = isTwin ? 0 : since + 1;
            draft.Add(
                Controls.Entry(look, ElementKind.Row, new Box(column.X, y, column.Width, look.Control), text, null, look.Pad + 3) with
                {
                    Group = group,
                    Accented = look.Striped && rows % 2 == 0,
                });
        }

        _ = column.Take(0, look.Gap);
    }
}
