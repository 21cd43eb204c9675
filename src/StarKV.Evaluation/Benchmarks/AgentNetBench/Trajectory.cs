using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>One recorded step.</summary>
/// <param name="Image">File name of its screenshot.</param>
/// <param name="IsMilestone">Whether the task hangs on it.</param>
/// <param name="Observation">What the recorder saw.</param>
/// <param name="Thought">Why it is done.</param>
/// <param name="Instruction">What is done, in words.</param>
/// <param name="Truth">The accepted actions, at least one.</param>
/// <param name="Alternatives">Other accepted lists, each with at least one action.</param>
internal sealed record TrajectoryStep(
    string Image,
    bool IsMilestone,
    string Observation,
    string Thought,
    string Instruction,
    IReadOnlyList<TrueAction> Truth,
    IReadOnlyList<IReadOnlyList<TrueAction>> Alternatives)
{
    /// <summary>Reads a step.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else.</exception>
    public static TrajectoryStep Of(JsonFields step)
    {
        var thought = step.Object("inner_monologue");
        IReadOnlyList<TrueAction> truth = [.. step.List("ground_truth_actions").Select(TrueActions.Of)];
        return new(
            step.RequiredText("image"), step.Flag("milestone", false),
            thought?.Text("observation") ?? "", thought?.Text("thought") ?? "", thought?.Text("low_level_instruction") ?? "",
            truth.Count > 0 ? truth : throw step.Error("ground_truth_actions is missing or empty."),
            [
                .. step.Lists("alternative_options")
                    .Where(a => a.Count > 0)
                    .Select(a => (IReadOnlyList<TrueAction>)[.. a.Select(TrueActions.Of)]),
            ]);
    }
}
