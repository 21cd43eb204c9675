using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>A run with its samples and their sum.</summary>
/// <param name="Summary">The sum.</param>
/// <param name="Samples">The samples by task.</param>
public sealed record FinishedRun(RunSummary Summary, IReadOnlyDictionary<string, SampleRecord> Samples)
{
    /// <value>The manifest: where model and data lay, on what the run was made.</value>
    public required RunManifest Manifest { get; init; }

    /// <value>Programs and machines that worked on the run, one for each start of a process.</value>
    public IReadOnlyList<RunEnvironment> Starts { get; init; } = [];

    /// <summary>The plan.</summary>
    public RunPlan Plan => Summary.Plan;

    /// <summary>How the run differs from others, in words.</summary>
    public string Circumstances =>
        $"{(Plan.Match is MatchBy.Bytes ? "equal bytes" : "equal tokens")}, budgets of "
            + $"{(Plan.Convention is BudgetConvention.Image ? "the image tokens (all text kept)" : "all prompt tokens")}, "
            + $"{(Plan.Sessions is { } modes ? $"step by step ({string.Join(", ", modes)})" : $"memory of one {Memory}")}"
            + $"{(Plan.Filter.Count > 0 ? $", only {string.Join(", ", Plan.Filter)}" : "")}";

    private string Memory => Plan.Memory.ToString().ToLowerInvariant();

    /// <summary>Reads runs; folders that hold shards of one plan are one run.</summary>
    /// <param name="folders">Folders of runs.</param>
    /// <exception cref="StarKvException">
    /// A folder holds no run, a run is not finished, or runs of different models or benchmarks are mixed.
    /// </exception>
    public static IReadOnlyList<FinishedRun> Read(IEnumerable<string> folders)
    {
        var read = folders.Select(f => new RunFolder(f))
            .Select(f => (Folder: f, Manifest: f.Manifest()))
            .Select(r => (r.Folder.Path, r.Manifest, r.Manifest.Plan, Samples: r.Folder.Samples(), Starts: r.Folder.Starts()))
            .ToList();
        if (read.DistinctBy(r => (r.Plan.Benchmark, r.Plan.ModelFingerprint)).Skip(1).FirstOrDefault() is { Path: not null } other)
            throw new StarKvException(
                $"{other.Path} is of {other.Plan.Benchmark} with model {other.Plan.Model} "
                    + $"({other.Plan.ModelFingerprint}), {read[0].Path} of {read[0].Plan.Benchmark} with "
                    + $"{read[0].Plan.Model} ({read[0].Plan.ModelFingerprint}); one page holds one of each.");
        return [.. read.GroupBy(r => System.Text.Json.JsonSerializer.Serialize(r.Plan, RunJson.Line)).Select(g =>
        {
            var samples = SampleRecord.Merge(g.SelectMany(r => r.Samples.Values));
            var plan = g.First().Plan;
            var caches = plan.Caches;
            var done = samples.Values.Count(s => s.IsDone(caches));
            return done == plan.Tasks
                ? new FinishedRun(RunSummary.Of(plan, samples), samples)
                {
                    Manifest = g.First().Manifest,
                    Starts = [.. g.SelectMany(r => r.Starts)],
                }
                : throw new StarKvException(
                    $"{string.Join(", ", g.Select(r => r.Path))}: {done} of {plan.Tasks} tasks are done; run the rest first.");
        })];
    }
}
