using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers that were given without an earlier step's, which is there now.</summary>
public static class OutdatedAnswer
{
    /// <summary>
    /// Whether an earlier step that had no answer of the cache has been answered since: this answer may now be another one.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="task">Its task.</param>
    /// <param name="known">What is known of all tasks.</param>
    public static bool IsOutdated(this AnswerRecord answer, EvalTask task, IReadOnlyDictionary<string, SampleRecord> known) =>
        answer.EarlierFailed is { } failed
        && task.Earlier.Count(step => known.GetValueOrDefault(step.Id)?.AnswerOf(answer.Cache) is null) < failed;
}
