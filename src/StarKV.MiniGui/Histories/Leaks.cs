using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Histories;

/// <summary>Finds what would answer a question about the past without a look at the past.</summary>
public static class Leaks
{
    /// <summary>
    /// True when the instruction or a past action holds the answer's word or point, when the current frame still shows it, or
    /// when no earlier frame did.
    /// </summary>
    /// <param name="question">A question that needs an earlier frame.</param>
    /// <param name="frames">The sample's frames.</param>
    /// <param name="actions">The sample's past actions.</param>
    public static bool In(Question question, IReadOnlyList<Screen> frames, IReadOnlyList<string> actions)
    {
        var (past, current) = (actions.Take(question.Frame).ToList(), frames[question.Frame]);
        var earlier = frames.Take(question.Frame);
        if (question.Kind is TaskKind.RecallWord)
            return Holds(question.Instruction, question.Subject) || past.Exists(a => Holds(a, question.Subject))
                || current.Shows(question.Subject) || !earlier.Any(f => f.Shows(question.Subject));
        var point = Answers.Point(question.Clicks!.Target);
        return Holds(question.Instruction, question.Subject) || past.Exists(a => a.Contains(point, StringComparison.Ordinal))
            || current.Elements.Any(e => e.Kind is ElementKind.Row && e.On)
            || !earlier.Any(f => f.Elements.Any(e => e.Id == question.Clicks.Id && e.On));
    }

    private static bool Holds(string text, string answer) => text.Contains(answer, StringComparison.Ordinal);
}
