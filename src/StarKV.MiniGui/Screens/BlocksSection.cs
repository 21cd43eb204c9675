using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>
/// One to four rows of boxes that cover many cells each. The words stand at the upper or lower edge, outside the middle half, which is the
/// target; some boxes hold a picture.
/// </summary>
internal static class BlocksSection
{
    private const int Cell = 28, MaxCells = 30, MinSide = 3 * Cell, MaxSide = 9 * Cell;

    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var across = Math.Clamp(column.Width / random.Between(MinSide + look.Gap, MaxSide), 1, 5);
        var width = Math.Min(MaxSide, (column.Width - (across - 1) * look.Gap) / across);
        var min = Math.Max(MinSide, 4 * (look.Type.LineHeight + 6));
        var height = Math.Min(random.Between(min, 6 * Cell + look.Type.LineHeight), MaxCells * Cell * Cell / width);
        if (width < MinSide || height < min)
            return;
        var group = draft.NewGroup();
        for (var rows = random.Between(1, 4); rows > 0 && column.Take(height, look.Gap) is { } y; rows--)
            for (var i = 0; i < across; i++)
                if (draft.Labels.Label(width - 12) is { } text)
                    draft.Add(Block(draft, new Box(column.X + i * (width + look.Gap), y, width, height), text) with { Group = group });
    }

    private static Element Block(ScreenDraft draft, Box box, string text)
    {
        var (random, look) = (draft.Random, draft.Look);
        var width = look.Type.Measure(text);
        var y = random.Chance(0.5) ? box.Y + 3 : box.Bottom - look.Type.LineHeight - 3;
        return new(ElementKind.Block, box)
        {
            Text = text,
            TextBox = new Box(random.Between(box.X + 6, box.Right - 6 - width), y, width, look.Type.LineHeight),
            IconBox = random.Chance(0.5) ? Picture(random, box) : default,
            Target = box.Grown(-box.Width / 4, -box.Height / 4),
            Accented = random.Chance(0.5),
        };
    }

    /// <summary>A picture's box, anywhere in the middle half of the height.</summary>
    private static Box Picture(SeededRandom random, Box box)
    {
        var (width, height) = (random.Between(box.Width / 5, box.Width / 2), random.Between(box.Height / 5, box.Height / 2));
        return new Box(
            random.Between(box.X + 4, box.Right - 4 - width),
            random.Between(box.Y + box.Height / 4, box.Bottom - box.Height / 4 - height), width, height);
    }
}
