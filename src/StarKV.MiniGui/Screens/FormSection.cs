using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>Two to five fields with labels next to or above them; about a third hold a word.</summary>
internal static class FormSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var above = random.Chance(0.3);
        var labels = draft.Labels.Labels(random.Between(2, 5), above ? column.Width : column.Width / 2);
        if (labels.Count == 0)
            return;
        var indent = above ? 0 : labels.Max(look.Type.Measure) + look.Gap;
        var room = column.Width - indent;
        if (!draft.Vocabulary.HasLongValues)
            room = Math.Min(room, Math.Max(110, draft.Size.Width * 3 / 10));
        if (room < 60)
            return;
        var width = random.Between(Math.Max(60, room * 2 / 3), room);
        var group = draft.NewGroup();
        foreach (var label in labels)
        {
            var labelHeight = above ? look.Type.LineHeight + 2 : 0;
            if (column.Take(labelHeight + look.Control, look.Gap) is not { } y)
                break;
            draft.Add(Controls.Words(look, ElementKind.Label, column.X, y, label, above ? 0 : look.Control));
            var value = random.Chance(0.35) ? draft.Labels.Value(width - 2 * look.Pad - 6) ?? "" : "";
            draft.Add(Controls.Field(look, column.X + indent, y + labelHeight, width, label, value) with { Group = group });
        }
    }
}
