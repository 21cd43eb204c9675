using static System.FormattableString;

namespace StarKV.Evaluation.Reports;

/// <summary>What pages and tables say of errors and of the number of tasks that a share counts.</summary>
public static class ErrorText
{
    /// <summary>What shares are of. Said once on each page.</summary>
    public const string Rule =
        "A share is of the tasks that its cache answered; what a cache could not answer is counted as an error and is in no share.";

    /// <summary>The sentence that replaces a finding when errors come first.</summary>
    public static string Sentence(RunSummary summary) => summary.MaxAnswered == 0
        ? Invariant($"{summary.Plan.Benchmark}: no task could be run, {summary.Errors:#,0} of {summary.Done:#,0} have errors.")
        : Invariant($"{summary.Errors:#,0} of {summary.Done:#,0} tasks have errors ({Caches(summary)}), ")
        + Invariant($"more than {100 * RunSummary.MaxErrorShare:0.#}\u00A0%: no cache is named best.");

    /// <summary>What a share's cell says of its n: nothing where it is that of the table.</summary>
    public static string Note(SummaryCell cell, int max) => Note(cell.N, cell.Errors, max);

    /// <inheritdoc cref="Note(SummaryCell, int)"/>
    public static string Note(int n, int errors, int max) =>
        n == max && n > 0 ? "" : Invariant($"n {n:#,0}{(errors == 0 ? "" : $", {Count(errors, "error")}")}");

    /// <summary>How many tasks a run has, how many have errors, and the n of its tables.</summary>
    public static string Tasks(RunSummary summary) => Invariant($"{Count(summary.Done, "task")}, {summary.Errors:#,0} with errors")
        + (summary.Errors == 0 ? "." : $"; {N(summary)}.");

    /// <summary>The n of a run's tables.</summary>
    public static string N(RunSummary summary) =>
        Invariant($"n {summary.MaxAnswered:#,0}") + (summary.Errors == 0 ? "" : " where a cell does not say otherwise");

    /// <summary>A number and its noun.</summary>
    public static string Count(int count, string noun) => Invariant($"{count:#,0} {noun}{(count == 1 ? "" : "s")}");

    private static string Caches(RunSummary summary)
    {
        var some = summary.Cells.Where(c => c.Errors > 0).ToList();
        var more = some.Count > 3 ? $" and {some.Count - 3} more caches" : "";
        return some.Count == summary.Cells.Count
            ? "every cache"
            : string.Join(", ", some.Take(3).Select(c => $"{c.Method} {c.Keep}")) + more;
    }
}
