using StarKV.Evaluation.Metrics;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>One step of a task that is given step by step.</summary>
/// <param name="Screen">The screen at this step: what the right answers before it have made of the first one.</param>
/// <param name="Expected">A right answer as a model writes it.</param>
public sealed record TaskStep(Screenshot Screen, string Expected)
{
    /// <value>The user's further words at this step; null (default) for none.</value>
    public string? Text { get; init; }

    /// <value>What is asked for, such as <c>recall-word</c>, by which right answers are split; null (default) for nothing said.</value>
    public string? Kind { get; init; }

    /// <value>
    /// Says whether an answer to this step is right, and never throws for anything that a model may write; null (default) where it is not
    /// judged. The last step is.
    /// </value>
    public Func<GroundingAnswer, Judgement>? Judge { get; init; }
}
