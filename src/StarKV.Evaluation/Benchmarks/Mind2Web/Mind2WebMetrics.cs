namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>One step as the metrics count it.</summary>
/// <param name="Split"><c>domain</c>, <c>task</c> or <c>website</c>.</param>
/// <param name="Task">The task's id.</param>
/// <param name="TotalSteps">Steps of the task; those without a row count as wrong.</param>
/// <param name="Element">1 when the element is right.</param>
/// <param name="F1">Operation F1, 0–1.</param>
/// <param name="Step">1 when the step is right.</param>
internal sealed record WebStep(string Split, string Task, int TotalSteps, double Element, double F1, double Step);

/// <summary>The numbers of one split, 0–1: means within a task, then over the tasks.</summary>
/// <param name="Task">The split.</param>
/// <param name="ElementAccuracy">Points in a target.</param>
/// <param name="OperationF1">Operation and value.</param>
/// <param name="StepAccuracy">Right steps.</param>
/// <param name="ErrorRatio">Share of the tasks with 0, 1, 2, 3 or more wrong steps; those that occur.</param>
/// <param name="TotalTasks">Tasks.</param>
internal sealed record SplitMetrics(
    string Task,
    double ElementAccuracy,
    double OperationF1,
    double StepAccuracy,
    IReadOnlyDictionary<string, double> ErrorRatio,
    int TotalTasks);

/// <summary>The benchmark's numbers; names are those of the released files.</summary>
/// <param name="OverallElementAccuracy">The mean of the splits.</param>
/// <param name="OverallOperationF1">The mean of the splits.</param>
/// <param name="OverallStepAccuracy">The mean of the splits.</param>
/// <param name="TotalTasks">The sum of the splits' tasks.</param>
/// <param name="TaskBreakdown">Split by split.</param>
internal sealed record Mind2WebMetrics(
    double OverallElementAccuracy,
    double OverallOperationF1,
    double OverallStepAccuracy,
    int TotalTasks,
    IReadOnlyList<SplitMetrics> TaskBreakdown)
{
    /// <summary>Counts.</summary>
    /// <param name="steps">The steps, split by split in the order of the run.</param>
    /// <param name="cumulative">Whether each split includes those before it, as GUI-KV's program reports them.</param>
    public static Mind2WebMetrics Of(IReadOnlyList<WebStep> steps, bool cumulative)
    {
        var names = steps.Select(s => s.Split).Distinct().ToList();
        var splits = names.Select((name, i) =>
            Split(name, [.. steps.Where(s => cumulative ? names.IndexOf(s.Split) <= i : s.Split == name)])).ToList();
        return new(
            Mean(splits, s => s.ElementAccuracy),
            Mean(splits, s => s.OperationF1),
            Mean(splits, s => s.StepAccuracy),
            splits.Sum(s => s.TotalTasks),
            splits);
    }

    private static SplitMetrics Split(string name, List<WebStep> steps)
    {
        var tasks = steps.GroupBy(s => (s.Split, s.Task))
            .Select(g => (Rows: g.ToList(), Steps: Math.Max(g.Count(), g.Max(s => s.TotalSteps))))
            .ToList();
        var wrong = tasks.CountBy(t =>
            t.Steps - t.Rows.Count(r => r.Step == 1) is var n and <= 3
                ? n.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : ">3");
        return new(
            name,
            Within(s => s.Element),
            Within(s => s.F1),
            Within(s => s.Step),
            wrong.OrderBy(w => w.Key == ">3" ? "9" : w.Key, StringComparer.Ordinal)
                .ToDictionary(w => w.Key, w => (double)w.Value / tasks.Count),
            tasks.Count);

        double Within(Func<WebStep, double> measure) => tasks.Average(t => t.Rows.Sum(measure) / t.Steps);
    }

    private static double Mean(List<SplitMetrics> splits, Func<SplitMetrics, double> measure) =>
        splits.Select(measure).DefaultIfEmpty(0).Average();
}
