using System.Text.Json;
using StarKV.Weights;

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
    string Image, bool IsMilestone, string Observation, string Thought, string Instruction, IReadOnlyList<TrueAction> Truth, IReadOnlyList<IReadOnlyList<TrueAction>> Alternatives)
{
    /// <summary>Reads a step.</summary>
    /// <exception cref="StarKvException">A field is missing or holds something else.</exception>
    public static TrajectoryStep Of(JsonElement step, string where)
    {
        var fields = new JsonFields(step, where, "");
        var thought = fields.Object("inner_monologue");
        var truth = Actions(step.GetProperty("ground_truth_actions"));
        return new(
            fields.Text("image") ?? throw fields.Error("image is missing."), fields.Flag("milestone", false),
            thought?.Text("observation") ?? "", thought?.Text("thought") ?? "", thought?.Text("low_level_instruction") ?? "",
            truth.Count > 0 ? truth : throw fields.Error("ground_truth_actions is empty."),
            fields.Has("alternative_options") ? [.. step.GetProperty("alternative_options").EnumerateArray().Select(Actions).Where(a => a.Count > 0)] : []);
    }

    private static List<TrueAction> Actions(JsonElement list) => [.. list.EnumerateArray().Select(TrueActions.Of)];
}
