using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>A task that a compressed cache did not answer rightly.</summary>
/// <param name="Sample">The task's line in the run.</param>
/// <param name="Answer">The answer.</param>
/// <param name="FullWasRight">Whether the full cache answered rightly; null when it was not asked.</param>
internal sealed record Failure(SampleRecord Sample, AnswerRecord Answer, bool? FullWasRight)
{
    /// <summary>
    /// All failures of one method at one budget; first those that the full cache gets right, which compression alone explains.
    /// </summary>
    public static IReadOnlyList<Failure> Of(FinishedRun run, SummaryCell cell) =>
    [
        .. run.Samples.Values.OrderBy(s => s.Task, StringComparer.Ordinal)
            .SelectMany(s => s.Answers.Where(a => a.Method == cell.Method && a.Keep == cell.Keep && a.Verdict is not Verdict.Right)
                .Select(a =>
                    new Failure(s, a, s.Answers.FirstOrDefault(f => f.Keep == "100%") is { } full ? full.Verdict is Verdict.Right : null)))
            .OrderByDescending(f => f.FullWasRight ?? false),
    ];
}
