using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;

namespace StarKV.MiniGui.Histories;

/// <summary>What a story is about. Each plays on an application and returns false when the screen lacks what it needs.</summary>
/// <param name="Steps">The fewest actions it takes with its last part.</param>
/// <param name="Needs">Sections that every page begins with.</param>
/// <param name="Fits">Which arrangements of the screen will do; null for all.</param>
/// <param name="Play">Plays it, with its last part or without.</param>
internal sealed record Plot(int Steps, IReadOnlyList<Section> Needs, Func<Blueprint, bool>? Fits, Func<Story, bool, bool> Play)
{
    /// <summary>Everything needed is in the instruction and on the current frame.</summary>
    public static IReadOnlyList<Plot> Present { get; } = [new(1, [], null, AnyTask), new(1, [Section.Form], null, AnyTask)];

    /// <summary>Plots of which a quarter begin with a word that the instruction gives, and a quarter open a menu.</summary>
    private static IReadOnlyList<Plot> Drills { get; } = [.. Present, new(2, [Section.Form], null, Typing), new(2, [], b => b.Menu, Menus)];

    /// <summary>Plots whose last part needs an earlier frame; with false as second argument they stop before it.</summary>
    public static IReadOnlyList<Plot> Memory { get; } =
    [
        new(3, [Section.Form], null, WordOfMessage),
        new(3, [Section.Form], b => b.Tabs, WordOfPage),
        new(2, [Section.List], null, HighlightedRow),
    ];

    /// <summary>Draws a plot.</summary>
    /// <param name="random">Where the choice comes from.</param>
    /// <param name="options">How often it needs an earlier frame, and whether words and menus are drilled.</param>
    /// <param name="steps">The most actions there may be when the last part is played.</param>
    public static Plot Draw(SeededRandom random, SampleOptions options, int steps)
    {
        var memory = Memory.Where(plot => plot.Steps <= steps).ToList();
        return random.Pick(random.Chance(options.MemoryShare) && memory.Count > 0 ? memory : options.Drill ? Drills : Present);
    }

    private static bool AnyTask(Story story, bool recall) =>
        Some(story, Clauses.All, story.Random.Between((story.Left + 1) / 2, story.Left));

    private static bool Typing(Story story, bool recall) => Begins(story, Clauses.Fill);

    // Without its last part the menu stays open, and the last frame is asked about its entries.
    private static bool Menus(Story story, bool recall)
    {
        var spare = story.Left - 2;
        if (spare > 0)
            Some(story, Clauses.All, story.Random.Below(spare + 1), 2);
        return recall ? Begins(story, Clauses.Choose) : Clauses.OpenMenu(story) is not null;
    }

    // Plays a clause, and anything after it while actions are left.
    private static bool Begins(Story story, Func<Story, bool> clause)
    {
        if (!clause(story))
            return false;
        if (story.Left > 0)
            AnyTask(story, true);
        return true;
    }

    private static bool WordOfMessage(Story story, bool recall)
    {
        if (Fronts.Dialog(story.App.Draft, story.Random.Between(1, 3)) is not { } dialog)
            return false;
        story.App.Open(dialog);
        Remember(story);
        return Clauses.Close(story)
            && Detour(story, recall ? 2 : 0)
            && (!recall || Clauses.Recall(story, story.Random.Pick([.. story.Facts.Keys])));
    }

    private static bool WordOfPage(Story story, bool recall)
    {
        Remember(story);
        if (story.Facts.Count == 0)
            return false;
        return Clauses.GoToTab(story)
            && Detour(story, recall ? 2 : 0)
            && (!recall || Clauses.Recall(story, story.Random.Pick([.. story.Facts.Keys])));
    }

    private static bool HighlightedRow(Story story, bool recall)
    {
        if (story.Pick(e => e.Kind is ElementKind.Row) is not { } row
            || story.App.Reachable().Count(e => e.Kind is ElementKind.Row && e.Group == row.Group) < 3)
            return false;
        story.Highlighted = row;
        story.App.Highlight(row);
        if (!(story.Left > 2 && story.Random.Chance(0.5) ? Clauses.Interrupted(story) : Some(story, Clauses.Bystanders, 1)))
            return false;
        story.App.ClearHighlight(story.Random.Chance(0.5));
        return Detour(story, recall ? 1 : 0) && (!recall || Clauses.RecallRow(story));
    }

    private static void Remember(Story story)
    {
        foreach (var e in story.App.Reachable())
            if (e is { Kind: ElementKind.Field, Value: not "" })
                story.Facts[e.Name] = e.Value;
            else if (e is { Kind: ElementKind.Text, Name: not "" })
                story.Facts[e.Name] = e.Text;
    }

    private static bool Detour(Story story, int keep)
    {
        var spare = story.Left - keep;
        return spare <= 0 || Some(story, Clauses.Bystanders, story.Random.Below(spare + 1), keep) || story.Steps.Count > 0;
    }

    // Plays clauses until that many actions are done or nothing fits; true when at least one was played.
    private static bool Some(Story story, IReadOnlyList<Func<Story, bool>> clauses, int actions, int keep = 0)
    {
        var until = Math.Max(keep, story.Left - actions);
        var before = story.Left;
        foreach (var clause in Enumerable.Range(0, 3 * actions).Select(_ => story.Random.Pick(clauses)))
            if (story.Left - until >= (clause == Clauses.Fill || clause == Clauses.Choose || clause == Clauses.Interrupted ? 2 : 1))
                clause(story);
        return story.Left < before;
    }
}
