using StarKV.Budget;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Reports.Models;

/// <summary>One model's finished runs among those of other models, with which it shares tasks and caches.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Runs">Its runs; where two hold one cache, the first one counts.</param>
public sealed record ComparedModel(string Name, IReadOnlyList<FinishedRun> Runs)
{
    /// <summary>
    /// The share of right answers of the full cache, 0–1, below which a model is listed, but outside of what is claimed: 0.9.
    /// </summary>
    public const double EnoughRight = 0.9;

    /// <summary>The share of the full cache's right answers, 0–1, that counts as all that matter: 0.95.</summary>
    public const double EnoughKept = 0.95;

    /// <value>Every cache of every run once.</value>
    internal IReadOnlyList<SummaryCell> Cells { get; } =
        [.. Runs.SelectMany(run => run.Summary.Cells).DistinctBy(cell => (cell.Method, cell.Keep))];

    /// <value>The full cache.</value>
    internal SummaryCell Full => Cells.First(cell => cell.Keep == RunCache.Everything);

    /// <value>Whether findings are about it.</value>
    internal bool IsInClaim => Full.Right >= EnoughRight * Full.N;

    /// <value>Methods that drop something, in the order of the runs.</value>
    internal IReadOnlyList<string> Methods =>
        [.. Cells.Where(cell => cell.Keep != RunCache.Everything).Select(cell => cell.Method).Distinct()];

    /// <value>Budgets of those, ascending.</value>
    internal IReadOnlyList<string> Keeps =>
    [
        .. Cells.Select(cell => cell.Keep).Where(keep => keep != RunCache.Everything).Distinct()
            .OrderBy(keep => KvBudget.Parse(keep).Capacity(1 << 30)),
    ];

    /// <summary>A method at a budget; null where no run has it.</summary>
    internal SummaryCell? Cell(string method, string keep) => Cells.FirstOrDefault(cell => cell.Method == method && cell.Keep == keep);

    /// <summary>
    /// The smallest budget from which on a method keeps <see cref="EnoughKept"/> of the full cache's right answers; null where even the
    /// largest does not.
    /// </summary>
    internal string? Smallest(string method)
    {
        var enough = Keeps.Reverse().TakeWhile(keep => Cell(method, keep) is { N: > 0 } cell && IsEnough(cell)).ToList();
        return enough.Count > 0 ? enough[^1] : null;
    }

    /// <summary>A method's verdicts at every budget, task by task.</summary>
    internal MethodResults Results(string method)
    {
        var right = new Dictionary<string, IReadOnlyDictionary<string, bool>>();
        foreach (var (keep, tasks) in Runs.SelectMany(run => MethodResults.Of(method, run.Samples).Right))
            right.TryAdd(keep, tasks);
        return new MethodResults(method, right);
    }

    // As shares: with errors the two may have answered different numbers of tasks.
    private bool IsEnough(SummaryCell cell) => Full.Right > 0 && (double)cell.Right * Full.N >= EnoughKept * Full.Right * cell.N;
}
