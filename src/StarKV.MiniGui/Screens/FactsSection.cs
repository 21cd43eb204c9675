using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>One to four lines of a key and its value, each a word that can be read but not changed.</summary>
internal static class FactsSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var keys = draft.Labels.Labels(random.Between(1, 4), column.Width / 2 - look.Gap);
        if (keys.Count == 0)
            return;
        var indent = keys.Max(look.Type.Measure) + 2 * look.Gap;
        foreach (var key in keys)
        {
            if (draft.Labels.Value(column.Width - indent) is not { } value
                || column.Take(look.Type.LineHeight + 2, look.Gap / 2) is not { } y)
                break;
            draft.Add(Controls.Words(look, ElementKind.Label, column.X, y, key));
            draft.Add(Controls.Words(look, ElementKind.Text, column.X + indent, y, value) with { Name = key });
        }

        _ = column.Take(0, look.Gap);
    }
}
