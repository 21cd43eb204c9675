using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

/// <summary>Two to six checkboxes, radio buttons or switches, below one another or in two strips.</summary>
internal static class ChecksSection
{
    public static void Add(ScreenDraft draft, Column column)
    {
        var (random, look) = (draft.Random, draft.Look);
        var kind = random.Pick([ElementKind.Checkbox, ElementKind.Checkbox, ElementKind.Switch, ElementKind.Radio]);
        var strips = column.Width > 300 && random.Chance(0.4) ? 2 : 1;
        var labels = draft.Labels.Labels(random.Between(2, 5), column.Width / strips - look.Type.LineHeight * 2 - look.Pad - 8);
        var group = draft.NewGroup();
        var chosen = random.Below(Math.Max(1, labels.Count));
        var y = 0;
        for (var i = 0; i < labels.Count; i++)
        {
            if (i % strips == 0)
            {
                if (column.Take(look.Control, Math.Max(2, look.Gap - 4)) is not { } top)
                    break;
                y = top;
            }

            var on = kind is ElementKind.Radio ? i == chosen : random.Chance(0.4);
            draft.Add(Controls.Check(look, kind, column.X + i % strips * (column.Width / strips), y, labels[i], on) with { Group = group });
        }
    }
}
