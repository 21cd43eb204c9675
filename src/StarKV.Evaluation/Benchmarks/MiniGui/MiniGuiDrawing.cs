using StarKV.MiniGui;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>A task as drawn: the frames it sees, the actions between them, and the question.</summary>
/// <param name="Frames">Oldest first; the question is about the last.</param>
/// <param name="PastActions">One for each frame but the last.</param>
/// <param name="Question">Instruction and answer.</param>
internal sealed record MiniGuiDrawing(IReadOnlyList<Screen> Frames, IReadOnlyList<string> PastActions, Question Question)
{
    /// <value>
    /// With the instruction before a history, the question about each frame, oldest first, null where there is none; else no questions.
    /// </value>
    public required IReadOnlyList<Question?> Steps { get; init; }

    /// <summary>
    /// Draws the sample of a seed and picks its question of this kind; null
    /// when it has none. Each sample serves one task, so tasks are independent.
    /// </summary>
    public static MiniGuiDrawing? Of(
        ulong seed, Split split, TaskForm form, TaskKind kind, ScreenSize size, bool thoughts = false, Challenge? challenge = null)
    {
        var options = new SampleOptions
        {
            MemoryShare = kind is TaskKind.RecallWord or TaskKind.RecallRow ? 1 : 0,
            Thoughts = thoughts,
            Challenge = challenge,
        };
        var sample = form is TaskForm.Screen
            ? SampleGenerator.OneScreen(seed, split, size, options)
            : SampleGenerator.History(seed, split, size, form is TaskForm.First ? Order.First : Order.Last, options);
        // The latest step of a history has the most to remember; its first step would be a single screen.
        var found = sample.Questions.LastOrDefault(q => q.Kind == kind && (form is TaskForm.Screen || q.Frame > 0));
        return found is { } question
            ? new MiniGuiDrawing([.. sample.Frames.Take(question.Frame + 1)], [.. sample.PastActions.Take(question.Frame)], question)
            {
                Steps = form is TaskForm.First
                    ? [.. Enumerable.Range(0, question.Frame + 1).Select(f => sample.Questions.FirstOrDefault(q => q.Frame == f))]
                    : [],
            }
            : null;
    }
}
