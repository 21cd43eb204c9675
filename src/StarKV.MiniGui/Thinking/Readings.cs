using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Thinking;

/// <summary>Thoughts before a text of the current frame is typed; they say where it is, not what.</summary>
internal static class Readings
{
    /// <summary>The wordings for a question about an element's words.</summary>
    public static string[] Of(Question question, Screen screen)
    {
        var (element, name) = (question.About!, question.About!.Name);
        var place = Places.Of(element, screen);
        return question switch
        {
            { IsAtPoint: true } => [$"I read the {Noun(element)} {place} and type it.", $"The {Noun(element)} there is {place}."],
            _ when element.Kind is ElementKind.Field =>
                [$"The \"{name}\" field {place} has a value. I type it.", $"I read the \"{name}\" field {place}."],
            _ => [$"The \"{name}\" value is {place}. I type it.", $"I read the value of \"{name}\" {place}."],
        };
    }

    private static string Noun(Element element) => element.Kind switch
    {
        ElementKind.Button => "button",
        ElementKind.Tab => "tab",
        ElementKind.MenuItem => "menu",
        _ => "text",
    };
}
