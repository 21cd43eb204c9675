using StarKV.MiniGui.Layout;

namespace StarKV.MiniGui.Screens;

internal enum Section { Form, Checks, Buttons, List, Tiles, Links, Facts, Blocks, Table, Cards, Twins }

/// <summary>Groups of elements that fill a column. Each returns false when nothing fitted.</summary>
internal static class Sections
{
    public static bool Add(ScreenDraft draft, Column column, Section section)
    {
        // Without room for an indented word there is no section.
        if (column.Width < 70)
            return false;
        var before = draft.Elements.Count;
        if (draft.Random.Chance(0.2) && column.Left > 3 * draft.Look.Control)
            Heading(draft, column);
        switch (section)
        {
            case Section.Form: FormSection.Add(draft, column); break;
            case Section.Checks: ChecksSection.Add(draft, column); break;
            case Section.Buttons: ButtonsSection.Add(draft, column); break;
            case Section.List: ListSection.Add(draft, column); break;
            case Section.Tiles: TilesSection.Add(draft, column); break;
            case Section.Links: LinksSection.Add(draft, column); break;
            case Section.Facts: FactsSection.Add(draft, column); break;
            case Section.Blocks: BlocksSection.Add(draft, column); break;
            case Section.Table: TableSection.Add(draft, column); break;
            case Section.Cards: CardsSection.Add(draft, column); break;
            case Section.Twins: TwinsSection.Add(draft, column); break;
        }

        return draft.Elements.Count > before;
    }

    private static void Heading(ScreenDraft draft, Column column)
    {
        if (draft.Labels.Label(column.Width) is { } text && column.Take(draft.Look.Type.LineHeight, draft.Look.Gap) is { } y)
            draft.Add(Controls.Words(draft.Look, ElementKind.Heading, column.X, y, text));
    }
}
