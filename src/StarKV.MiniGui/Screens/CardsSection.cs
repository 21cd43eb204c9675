using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>Two to six frames with a heading each; all have buttons with equal words, in another order.</summary>
internal static class CardsSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var across = Math.Clamp(column.Width / random.Between(130, 220), 1, 4);
        var width = (column.Width - (across - 1) * look.Gap) / across;
        var room = width - 2 * look.Gap - 2 * look.Pad - 8;
        var words = draft.Labels.Labels(random.Between(2, 4), room);
        if (words.Count < 2)
            return;
        var step = look.Control + Math.Max(3, look.Gap / 2);
        var height = look.Type.LineHeight + words.Count * step + 2 * look.Gap;
        for (var rows = random.Between(1, 3); rows > 0 && column.Take(height, look.Gap) is { } y; rows--)
            for (var i = 0; i < across; i++)
            {
                if (draft.Labels.Label(width - 2 * look.Gap) is not { } title)
                    continue;
                var (group, x) = (draft.NewGroup(), column.X + i * (width + look.Gap));
                draft.Add(new Element(ElementKind.Card, new Box(x, y, width, height)) { Group = group });
                draft.Add(Controls.Words(look, ElementKind.Heading, x + look.Gap, y + look.Gap, title) with { Group = group });
                var top = y + look.Gap + look.Type.LineHeight + look.Gap / 2;
                foreach (var (number, text) in random.Shuffled(words).Index())
                    draft.Add(Controls.Button(look, x + look.Gap, top + number * step, text) with { Group = group, Name = title });
            }
    }
}
