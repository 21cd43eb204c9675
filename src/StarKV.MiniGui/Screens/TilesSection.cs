namespace StarKV.MiniGui.Screens;

/// <summary>One to three rows of icons with words below.</summary>
internal static class TilesSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var side = look.Icon * random.Between(11, 18) / 10;
        var across = Math.Clamp(column.Width / random.Between(70, 110), 1, 6);
        var width = column.Width / across;
        var group = draft.NewGroup();
        for (var rows = random.Between(1, 3); rows > 0; rows--)
        {
            if (column.Take(side + look.Type.LineHeight + 8, look.Gap) is not { } y)
                return;
            for (var i = 0; i < across; i++)
                if (draft.Labels.Label(width - 8) is { } text && draft.Labels.Icon() is { } icon)
                {
                    var box = new Box(column.X + i * width, y, width, side + look.Type.LineHeight + 8);
                    draft.Add(Controls.Tile(look, box, text, icon, side) with { Group = group });
                }
        }
    }
}
