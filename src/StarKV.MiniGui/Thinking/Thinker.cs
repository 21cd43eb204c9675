using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Thinking;

/// <summary>
/// Says in a sentence or two why an answer is right: what is seen, where, and what comes next. Each thought is true of the frames that
/// its question sees. It names no text that is to be read or remembered and typed: that the action alone tells.
/// </summary>
/// <param name="random">Chooses among the wordings.</param>
/// <param name="frames">The sample's frames, oldest first.</param>
internal sealed class Thinker(SeededRandom random, IReadOnlyList<Screen> frames)
{
    /// <summary>The question with a thought before its action; as it is for a list, which is no action.</summary>
    /// <param name="question">The question.</param>
    /// <param name="before">What was done last; null where nothing was.</param>
    public Question Think(Question question, Question? before = null) =>
        Of(question, before) is { } thought ? question.WithThought(thought) : question;

    private string? Of(Question question, Question? before) => question.Kind switch
    {
        TaskKind.List => null,
        TaskKind.Read => random.Pick(Readings.Of(question, frames[question.Frame])),
        TaskKind.TypeGiven => random.Pick(Given(question)),
        TaskKind.RecallWord => random.Pick(Memories.OfWord(question, frames)),
        TaskKind.RecallRow => random.Pick(Memories.OfRow(question, frames[question.Frame])),
        TaskKind.Finish => random.Pick(Ends(question, before)),
        _ => random.Pick(Clicks.Of(question, frames[question.Frame])),
    };

    private string[] Given(Question question) => Focused(question) is { } field
        ? question.Subject.Split(' ').Length > 2
            ? [$"I type the text of the task into \"{field}\" now.", $"The \"{field}\" field was clicked. I type the text of the task."]
            : [$"The \"{field}\" field was clicked. I type \"{question.Subject}\".", $"I type \"{question.Subject}\" into \"{field}\" now."]
        : ["The text is in the task. I type it as it is.", "I type the text of the task."];

    private string[] Ends(Question question, Question? before)
    {
        var done = before switch
        {
            { Clicks: { } clicked } => $"{Names.Of(clicked)} was clicked",
            { } when Focused(question) is { } field => $"\"{field}\" has its text",
            _ => "no part is left",
        };
        return [$"It is finished: {done}.", $"All is done, as {done}.", $"{Names.Upper(done)}, so the task is done."];
    }

    private string? Focused(Question question) =>
        frames[question.Frame].Elements.FirstOrDefault(e => e is { Kind: ElementKind.Field, Focused: true })?.Name;
}
