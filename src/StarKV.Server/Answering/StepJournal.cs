using StarKV.Input;
using StarKV.Reports.Live;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Text;

namespace StarKV.Server.Answering;

/// <summary>Remembers in a session what the page shows of its requests. Its steps follow one another, so that nothing is locked.</summary>
/// <param name="most">Requests of each session that are remembered; 0 for none, and nothing is.</param>
/// <param name="time">The clock.</param>
internal sealed class StepJournal(int most, TimeProvider time)
{
    private const int MostCharacters = 2000;

    /// <summary>A request was answered.</summary>
    public void Answered(StepRequest request, StepResult result)
    {
        if (most == 0)
            return;
        IReadOnlyList<Screenshot> screens =
            [.. result.Kept.Turns.SelectMany(t => t.Parts).Select(p => p.Screen).OfType<Screenshot>()];
        // Until they are counted the answer holds what they are counted from; nobody waits for it.
        _ = Task.Run(() => result.Answer.Kept);
        result.Kept.Show(Shown, most);

        LiveStep Shown(int number) =>
            new(number, time.GetUtcNow(), result.OutcomeName, WordsOf(request), screens) { Answer = result.Answer };
    }

    /// <summary>A request failed; its screenshots are not remembered.</summary>
    public void Failed(StepRequest request, KeptSession session, Exception error)
    {
        if (most == 0)
            return;
        var (outcome, why) = error switch
        {
            OperationCanceledException => ("left", "The client left, the time was over, or the server ended."),
            _ => EngineErrors.Of(error) is var told && told.Status >= 500 ? ("failed", told.Message) : ("refused", told.Message),
        };
        session.Show(number => new LiveStep(number, time.GetUtcNow(), outcome, WordsOf(request), []) { Error = why }, most);
    }

    /// <summary>What the user said last; of long words the end, where tasks stand.</summary>
    private static string WordsOf(StepRequest request)
    {
        var words = request.Query.Turns.LastOrDefault(t => t.Role == ChatRole.User && t.Parts.Any(p => p.Text?.Length > 0))?.Parts
            .Select(p => p.Text).Where(t => t?.Length > 0);
        var text = string.Join('\n', words ?? []).Trim();
        return text.Length <= MostCharacters ? text : string.Concat("…", text.AsSpan(text.Length - MostCharacters));
    }
}
