namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>
/// What a run of a benchmark would meet before its first answer: its files are parsed, its rows counted, their pictures looked for.
/// </summary>
/// <param name="Rows">Rows of all files; 0 when they cannot be read.</param>
/// <param name="Problems">What is wrong, one sentence each; empty when a run can begin.</param>
public sealed record DataCheck(int Rows, IReadOnlyList<string> Problems)
{
    /// <summary>Looks. The folders must exist.</summary>
    public static DataCheck Of(PublishedBenchmark benchmark, BenchmarkOptions options)
    {
        try
        {
            return Of(benchmark.Load(options).Tasks);
        }
        catch (Exception e) when (e is StarKvException or IOException or UnauthorizedAccessException)
        {
            return new(0, [e.Message]);
        }
    }

    private static DataCheck Of(IReadOnlyList<EvalTask> tasks)
    {
        var problems = new List<string>();
        var faults = tasks.Select(t => t.Fault).OfType<string>().ToList();
        if (faults.Count > 0)
            problems.Add($"{Counted(tasks.Count, "row")}, {faults.Count} cannot be read, e.g. {faults[0]}");
        // Rows may share a picture.
        var missing = tasks.SelectMany(t => t.Pictures).DistinctBy(p => p.Name).Where(p => !p.IsThere()).Select(p => p.Name).ToList();
        if (missing.Count > 0)
            problems.Add($"{Counted(tasks.Count, "row")}, {Counted(missing.Count, "picture")} missing, e.g. {missing[0]}");
        // What else a question needs, such as texts that are not shipped, is the same for all.
        if (problems.Count == 0 && Refusal(tasks[0]) is { } refusal)
            problems.Add(refusal);
        return new(tasks.Count, problems);
    }

    private static string? Refusal(EvalTask task)
    {
        try
        {
            _ = task.Open();
            return null;
        }
        catch (StarKvException e)
        {
            return e.Message;
        }
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
