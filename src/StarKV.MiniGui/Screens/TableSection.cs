using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>
/// A table of three to eight named rows and two to four columns with headings. Some columns hold values, some words to click; both come
/// again and again, so that only row and column tell them apart.
/// </summary>
internal static class TableSection
{
    private const int MinWidth = 62;

    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var first = column.Width * random.Between(25, 35) / 100;
        var count = Math.Min(random.Between(2, 4), (column.Width - first) / MinWidth);
        if (count < 2)
            return;
        var width = (column.Width - first) / count;
        var headings = draft.Labels.Labels(count, width - 8);
        var words = draft.Labels.Labels(random.Between(2, 3), width - 8);
        var values = Enumerable.Range(0, random.Between(3, 5)).Select(_ => draft.Labels.Value(width - 8)).OfType<string>().ToList();
        if (headings.Count < count || words.Count < 2 || values.Count < 2 || column.Take(look.Type.LineHeight, 4) is not { } top)
            return;
        var group = draft.NewGroup();
        foreach (var (i, heading) in headings.Index())
            draft.Add(Controls.Words(look, ElementKind.Heading, X(i), top, heading) with { Group = group });
        // The first columns have one of each sort, so that every table answers both kinds of questions.
        var isValue = Enumerable.Range(0, count).Select(i => i < 2 ? i == 0 : random.Chance(0.5)).ToList();
        for (var rows = random.Between(3, 8); rows > 0 && draft.Labels.Label(first - 8) is { } name; rows--)
        {
            if (column.Take(look.Control, 0) is not { } y)
                break;
            draft.Add(Controls.Words(look, ElementKind.Label, column.X, y, name, look.Control) with { Group = group });
            for (var i = 0; i < count; i++)
            {
                var box = new Box(X(i), y, width - 4, look.Control);
                var cell = isValue[i]
                    ? Controls.Words(look, ElementKind.Text, box.X, y, random.Pick(values), look.Control)
                    : Controls.Entry(look, ElementKind.Cell, box, random.Pick(words), null, 0);
                draft.Add(cell with { Group = group, Name = name });
            }
        }

        _ = column.Take(0, look.Gap);

        int X(int i) => column.X + first + i * width;
    }
}
