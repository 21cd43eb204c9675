using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Screens;

/// <summary>Puts whole applications together: window, bars, pages, sections.</summary>
internal static class ScreenMaker
{
    private static readonly Section[][] s_profiles =
    [
        [Section.Form, Section.Checks, Section.Buttons, Section.List, Section.Tiles, Section.Links, Section.Facts],
        [Section.Form, Section.Form, Section.Buttons, Section.Checks],
        [Section.Checks, Section.Checks, Section.Facts, Section.Links, Section.Buttons],
        [Section.List, Section.List, Section.Buttons],
        [Section.Tiles, Section.Tiles, Section.Links, Section.List],
    ];

    /// <summary>Draws an application.</summary>
    /// <param name="random">Where the choices come from.</param>
    /// <param name="vocabulary">The split's words.</param>
    /// <param name="size">Size of the screen.</param>
    /// <param name="density">Probability, 0–1, that a section is followed by another while there is room.</param>
    /// <param name="needs">Sections that come first, on every page.</param>
    /// <param name="fits">Which arrangements will do; default all.</param>
    public static (ScreenDraft Draft, string Layout) Make(
        SeededRandom random,
        Vocabulary vocabulary,
        ScreenSize size,
        double density,
        IReadOnlyList<Section> needs,
        Func<Blueprint, bool>? fits = null)
    {
        var draft = new ScreenDraft(random, vocabulary, size);
        var blueprint = Blueprint.Draw(random, vocabulary, size);
        while (fits?.Invoke(blueprint) == false)
            blueprint = Blueprint.Draw(random, vocabulary, size);
        var content = new Chrome(draft, blueprint).Add();
        var pages = Math.Max(1, draft.Elements.Count(e => e.Kind is ElementKind.Tab));
        var hasTabs = draft.Elements.Any(e => e.Kind is ElementKind.Tab);
        for (var page = 0; page < pages; page++)
        {
            draft.Page = hasTabs ? page : -1;
            Fill(draft, Columns(content, blueprint.Columns, draft.Look.Gap * 2), random.Pick(s_profiles), needs, density);
        }

        draft.Page = -1;
        return (draft, blueprint.Key);
    }

    private static void Fill(ScreenDraft draft, List<Column> columns, Section[] profile, IReadOnlyList<Section> needs, double density)
    {
        var next = new Queue<Section>(needs);
        foreach (var column in columns)
            for (var (misses, first) = (0, true); misses < 3 && (next.Count > 0 || first || Goes(draft, column, density)); first = false)
                misses = Sections.Add(draft, column, next.TryDequeue(out var need) ? need : draft.Random.Pick(profile)) ? 0 : misses + 1;
    }

    private static bool Goes(ScreenDraft draft, Column column, double density) =>
        column.Left > draft.Look.Control && draft.Random.Chance(density);

    private static List<Column> Columns(Box content, int count, int gap)
    {
        var width = (content.Width - (count - 1) * gap) / count;
        return [.. Enumerable.Range(0, count).Select(i => new Column(content with { X = content.X + i * (width + gap), Width = width }))];
    }
}
