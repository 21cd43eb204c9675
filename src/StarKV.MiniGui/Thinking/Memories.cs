using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Thinking;

/// <summary>Thoughts before something is answered that only an earlier frame showed.</summary>
internal static class Memories
{
    /// <summary>Where a value was seen; the value itself is for the action to tell.</summary>
    public static string[] OfWord(Question question, IReadOnlyList<Screen> frames)
    {
        var seen = frames.Take(question.Frame).SelectMany(f => f.Elements).Last(e => e.Words == question.Subject && e.Name != "");
        return seen switch
        {
            { Layer: 1 } => [$"A message had the \"{seen.Name}\" value before.", $"I type the \"{seen.Name}\" value of the message."],
            { Kind: ElementKind.Field } =>
                [$"The \"{seen.Name}\" field had the value on a tab before.", $"I type what the \"{seen.Name}\" field had earlier."],
            _ => [$"The \"{seen.Name}\" value was on a tab before.", $"I type the \"{seen.Name}\" value of the tab shown earlier."],
        };
    }

    /// <summary>Which row was highlighted, and where it is now.</summary>
    public static string[] OfRow(Question question, Screen screen)
    {
        var (text, place) = (question.Subject, Places.Of(question.Clicks!, screen));
        return
        [
            $"\"{text}\" was highlighted before. It is {place} now.",
            $"The row that was highlighted is {place} now.",
            $"\"{text}\" was highlighted earlier, so I click it.",
        ];
    }
}
