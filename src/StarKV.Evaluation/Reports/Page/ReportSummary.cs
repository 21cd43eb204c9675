namespace StarKV.Evaluation.Reports.Page;

/// <summary>The page's numbers for programs. Written as <c>summary.json</c> next to it.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Model">The model folder's name.</param>
/// <param name="ModelFingerprint">Distinguishes checkpoints.</param>
/// <param name="Answer">The sentence that heads the page; null when nothing was compressed, and when too many tasks have errors.</param>
/// <param name="Runs">The runs, in the order of the page.</param>
public sealed record ReportSummary(
    string Benchmark, string Model, string ModelFingerprint, string? Answer, IReadOnlyList<ReportedRun> Runs);

/// <summary>One run's numbers.</summary>
/// <param name="Circumstances">How it differs from the others, in words.</param>
/// <param name="Summary">Right answers, intervals, bytes, by label.</param>
/// <param name="Costs">Memory and time.</param>
/// <param name="Comparisons">Paired tests.</param>
public sealed record ReportedRun(string Circumstances, RunSummary Summary, RunCosts Costs, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>Sums up a run.</summary>
    public static ReportedRun Of(FinishedRun run) => new(run.Circumstances, run.Summary, RunCosts.Of(run), Comparison.Of(run));
}
