namespace StarKV.MiniGui.Screens;

/// <summary>One to four buttons in a row, at the left or right; some with an icon, maybe one of the accent colour.</summary>
internal static class ButtonsSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        if (column.Take(look.Control, look.Gap) is not { } y)
            return;
        var group = draft.NewGroup();
        var x = column.X;
        var accented = random.Below(4);
        var first = draft.Elements.Count;
        for (var i = random.Between(1, 4); i > 0; i--)
        {
            var icon = random.Chance(0.3) ? draft.Labels.Icon() : null;
            var chrome = 2 * look.Pad + 8 + (icon is null ? 0 : look.Icon + look.Pad + 1);
            if (column.Right - x < 50 || draft.Labels.Label(column.Right - x - chrome) is not { } text)
                break;
            var button = Controls.Button(look, x, y, text, icon) with { Group = group, Accented = i == accented };
            draft.Add(button);
            x = button.Box.Right + look.Gap;
        }

        var spare = column.Right - (x - look.Gap);
        if (random.Chance(0.3))
            for (var i = first; i < draft.Elements.Count; i++)
                draft.Elements[i] = draft.Elements[i].Moved(spare, 0);
    }
}
