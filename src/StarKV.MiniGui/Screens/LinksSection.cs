using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>Two to four links, next to or below one another.</summary>
internal static class LinksSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var inRows = random.Chance(0.5);
        var group = draft.NewGroup();
        var x = column.X;
        var y = (int?)null;
        for (var i = random.Between(2, 4); i > 0; i--)
        {
            if (y is null || !inRows)
                (x, y) = (column.X, column.Take(look.Type.LineHeight + 2, look.Gap));
            if (y is not { } top || column.Right - x < 40 || draft.Labels.Label(column.Right - x) is not { } text)
                return;
            var link = Controls.Words(look, ElementKind.Link, x, top, text) with { Group = group };
            draft.Add(link);
            x = link.Box.Right + 2 * look.Gap;
        }
    }
}
