using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Thinking;

/// <summary>Thoughts before a click.</summary>
internal static class Clicks
{
    /// <summary>The wordings for a question that an element of the current frame answers.</summary>
    public static string[] Of(Question question, Screen screen)
    {
        var element = question.Clicks!;
        var place = Places.Of(element, screen);
        if (question.Beside is { } beside)
            return Next(element, beside.Anchor, Sides.Words(beside.Side), screen);
        var isStep = question.Kind is TaskKind.Step;
        return element switch
        {
            _ when question.Kind is TaskKind.Icon => Icon(element.Icon!, Places.Of(element.Target, screen.Size)),
            { Kind: ElementKind.IconButton } => Icon(element.Icon!, place),
            { Kind: ElementKind.RowIcon } => RowIcon(element, screen),
            { Kind: ElementKind.Field } => Field(element.Name, place, isStep),
            { IsCheck: true } => Check(element, place),
            { Kind: ElementKind.MenuEntry } => Entry(element.Text, place),
            { Kind: ElementKind.MenuItem } when isStep => Menu(element.Text, place),
            { Kind: ElementKind.Tab } when isStep => Tab(element.Text, place),
            { Kind: ElementKind.Button, Layer: 1 } when isStep => Message(element.Text, place),
            _ when isStep && question.Frame > 0 => [.. Words(element.Text, place), $"Next is \"{element.Text}\", {place}."],
            _ => Words(element.Text, place),
        };
    }

    private static string[] Words(string text, string place) =>
        [$"I see \"{text}\" {place}.", $"\"{text}\" is {place}, so I click it.", $"\"{text}\" is {place}."];

    private static string[] Icon(string icon, string place) =>
        [$"The {icon} icon is {place}.", $"I see the {icon} icon {place}.", $"The {icon} icon is {place}, so I click it."];

    private static string[] Field(string name, string place, bool isStep) => isStep
        ? [$"The \"{name}\" field is {place}. I click it first.", $"The text is for \"{name}\", a field {place}."]
        : [$"The \"{name}\" field is {place}.", $"I see the field of \"{name}\" {place}."];

    private static string[] RowIcon(Element icon, Screen screen)
    {
        var place = Places.Of(icon.Target, screen.Size);
        var row = screen.Elements.FirstOrDefault(e => e.Kind is ElementKind.Row && e.Text == icon.Name);
        return row is null ? [$"Its {icon.Icon} icon is {place}."]
            :
            [
                $"\"{icon.Name}\" is {Places.Of(row, screen)}. I click its {icon.Icon} icon.",
                $"The {icon.Icon} icon of \"{icon.Name}\" is {place}.",
            ];
    }

    private static string[] Check(Element check, string place)
    {
        var state = check switch
        {
            { Kind: ElementKind.Switch, On: true } => "on",
            { Kind: ElementKind.Switch } => "off",
            { Kind: ElementKind.Checkbox, On: true } => "checked",
            { Kind: ElementKind.Checkbox } => "not checked",
            _ => "not chosen",
        };
        return [$"\"{check.Text}\" is {state}. I click it {place}.", $"\"{check.Text}\" {place} is {state}."];
    }

    private static string[] Entry(string text, string place) =>
        [$"The menu is open. \"{text}\" is {place}.", $"I see \"{text}\" {place}."];

    private static string[] Menu(string text, string place) =>
        [$"The \"{text}\" menu is {place}. I open it first.", $"I open the \"{text}\" menu {place}."];

    private static string[] Tab(string text, string place) =>
        [$"The \"{text}\" tab is {place}. I go to it.", $"I see the \"{text}\" tab {place}."];

    private static string[] Message(string text, string place) =>
        [$"A message is open. I click \"{text}\" to close it.", $"The message has \"{text}\" {place}. I close it."];

    private static string[] Next(Element element, Element anchor, string side, Screen screen)
    {
        var (name, where) = (Names.Of(anchor), Places.Of(anchor, screen));
        string[] wordings = [$"{Names.Upper(name)} is {where}. I click the item {side} it."];
        return element.Text == "" ? wordings : [.. wordings, $"The item {side} {name} is \"{element.Text}\"."];
    }
}
