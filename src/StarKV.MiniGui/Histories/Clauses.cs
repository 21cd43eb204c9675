using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Look;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Histories;

/// <summary>
/// Parts of an instruction, each played to its end. A clause returns false, having done nothing, when the screen lacks what it needs.
/// </summary>
internal static class Clauses
{
    /// <summary>Clauses that stay on the page and touch no row: they may come between a memory and its use.</summary>
    public static IReadOnlyList<Func<Story, bool>> Bystanders { get; } = [Fill, Toggle, Toggle, Press, PressIcon, Choose];

    /// <summary>Every clause that the current frame and the instruction explain.</summary>
    public static IReadOnlyList<Func<Story, bool>> All { get; } =
    [
        Fill, Fill, Toggle, Press, PressIcon, Choose, Select, GoToTab, Interrupted,
    ];

    public static bool Fill(Story story)
    {
        if (story.Left < 2 || Empty(story) is not { } field || story.App.Draft.Labels.Value(
            Inside(story.App.Draft.Look, field)) is not { } word)
            return false;
        story.Say(story.Random.Chance(0.5) ? $"type \"{word}\" into \"{field.Name}\"" : $"fill \"{field.Name}\" with \"{word}\"");
        story.Click(field);
        story.Type(word, TaskKind.TypeGiven);
        return true;
    }

    public static bool Toggle(Story story) =>
        One(story, e => e.IsCheck && e is not { Kind: ElementKind.Radio, On: true }, e => $"{Lower(ScreenQuestions.Verb(e))} \"{e.Text}\"");

    public static bool Press(Story story) => One(story, e => e.Kind is ElementKind.Button, e => $"press \"{e.Text}\"");

    public static bool PressIcon(Story story) => One(story, e => e.Kind is ElementKind.IconButton, e => $"click the {e.Icon} icon");

    public static bool Select(Story story) => One(story, e => e is { Kind: ElementKind.Row, On: false }, e => $"select \"{e.Text}\"");

    public static bool GoToTab(Story story) =>
        One(story, e => e is { Kind: ElementKind.Tab, On: false }, e => $"go to the \"{e.Text}\" tab");

    /// <summary>Opens a menu and chooses an entry.</summary>
    public static bool Choose(Story story)
    {
        if (story.Left < 2 || OpenMenu(story) is not { } item)
            return false;
        var entry = story.Pick(e => e.Kind is ElementKind.MenuEntry)!;
        story.Say($"choose \"{entry.Text}\" in the \"{item.Text}\" menu");
        story.Click(entry);
        return true;
    }

    /// <summary>
    /// Opens a menu and returns the word that was clicked, null when there is none. The instruction does not tell of it yet.
    /// </summary>
    public static Element? OpenMenu(Story story)
    {
        if (story.Left < 1
            || story.Pick(e => e.Kind is ElementKind.MenuItem) is not { } item
            || Fronts.Menu(story.App.Draft, item) is not { } menu)
            return null;
        story.Click(item);
        story.App.Open(menu);
        return item;
    }

    /// <summary>Presses a button; a message opens and is closed.</summary>
    public static bool Interrupted(Story story)
    {
        if (story.Left < 2 || Fronts.Dialog(story.App.Draft, 0) is not { } dialog || !Press(story))
            return false;
        story.App.Open(dialog);
        return Close(story);
    }

    /// <summary>Presses the button of the dialog that is open.</summary>
    public static bool Close(Story story) =>
        One(story, e => e is { Kind: ElementKind.Button, Layer: 1 }, _ => "close the message");

    /// <summary>Types what a key's value was into an empty field.</summary>
    public static bool Recall(Story story, string key)
    {
        if (story.Left < 2 || Empty(story) is not { } field)
            return false;
        var word = story.Facts[key];
        if (story.App.Draft.Look.Type.Measure(word) > Inside(story.App.Draft.Look, field))
            return false;
        story.Say($"type the \"{key}\" value into \"{field.Name}\"");
        story.Click(field);
        story.Type(word, TaskKind.RecallWord);
        return true;
    }

    /// <summary>Clicks the row that was highlighted.</summary>
    public static bool RecallRow(Story story)
    {
        if (story.Left < 1 || story.Pick(e => e.Id == story.Highlighted!.Id) is not { } row)
            return false;
        story.Say("click the row that was highlighted");
        story.Click(row, TaskKind.RecallRow);
        return true;
    }

    private static bool One(Story story, Func<Element, bool> isFit, Func<Element, string> phrase)
    {
        if (story.Left < 1 || story.Pick(isFit) is not { } element)
            return false;
        story.Say(phrase(element));
        story.Click(element);
        return true;
    }

    private static Element? Empty(Story story) => story.Pick(e => e is { Kind: ElementKind.Field, Value: "" });

    /// <summary>Pixels that a word may be wide in a field.</summary>
    public static int Inside(ScreenLook look, Element field) => field.Box.Width - 2 * look.Pad - 6;

    private static string Lower(string verb) => char.ToLowerInvariant(verb[0]) + verb[1..];
}
