using StarKV.Evaluation.Records;
using static System.FormattableString;

namespace StarKV.Evaluation.Reports;

/// <summary>The table of a run whose tasks were given step by step, as Markdown and on the page.</summary>
internal static class SessionText
{
    /// <summary>What the table is, in sentences.</summary>
    public const string Rule =
        "Every task is given step by step, and every cache has its own earlier answers in its history; the screens are those that the "
        + "right answers lead to. A trajectory is right when every step that has a right answer is. As reread: the share of steps with the "
        + "very answer that reading everything again gave. Tokens are those of a step after the "
        + "first: read at the step, of the conversation's. Attended: what the last answer was written on; device and host: the most that "
        + "stays there between two steps. Means over the tasks.";

    /// <summary>The table's columns; the first one is a cache's method and mode.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["cache", "keep", "last answer", "trajectory", "as reread", "tokens read", "of", "attended", "device", "host"];

    /// <summary>A row for each cache that answered, method by method, budget by budget, so that modes are next to each other.</summary>
    /// <param name="summary">The run.</param>
    public static IEnumerable<(SummaryCell Cell, IReadOnlyList<string> Row)> Rows(RunSummary summary)
    {
        var cells = summary.Cells.Where(c => c is { N: > 0, Session: not null });
        return cells.GroupBy(c => SessionMode.MethodOf(c.Method)).SelectMany(m => m.GroupBy(c => c.Keep).SelectMany(k => k)).Select(c =>
        {
            var session = c.Session!;
            var note = ErrorText.Note(c, summary.MaxAnswered);
            return (c, (IReadOnlyList<string>)
            [
                c.Method,
                c.Keep,
                Share(c.Accuracy, c.Low, c.High) + (note.Length == 0 ? "" : $" ({note})"),
                Share(session.Accuracy, session.Low, session.High),
                session.Alike is { } alike ? Invariant($"{100 * alike:0.0}") : "",
                Invariant($"{session.TokensRead:#,0.0}"),
                Invariant($"{session.Tokens:#,0.0}"),
                Size(c.Bytes),
                Size(session.DeviceBytes),
                Size(session.HostBytes),
            ]);
        });
    }

    /// <summary>
    /// Tables of right answers to the steps, one by the steps' numbers and one by their kinds: what they show, their columns, and a row for
    /// each cache that answered.
    /// </summary>
    /// <param name="summary">The run.</param>
    public static IEnumerable<(string Title, IReadOnlyList<string> Columns, IEnumerable<StepShares> Rows)> BySteps(RunSummary summary)
    {
        var steps = summary.Cells.Max(c => c.Session?.Steps.Count ?? 0);
        yield return (
            "Right answers to each step",
            [.. Enumerable.Range(1, steps).Select(i => Invariant($"step {i}"))],
            Of(session => Enumerable.Range(0, steps).Select(session.Steps.ElementAtOrDefault)));
        var kinds = summary.Cells.SelectMany(c => c.Session?.Kinds.Keys ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (kinds.Count > 0)
            yield return (
                "Right answers to the steps of each kind",
                kinds,
                Of(session => kinds.Select(k => session.Kinds.GetValueOrDefault(k))));

        IEnumerable<StepShares> Of(Func<SessionCell, IEnumerable<Tally?>> tallies) =>
            Rows(summary).Select(r => new StepShares(r.Cell, [.. tallies(r.Cell.Session!).Select(Share)]));
    }

    private static string Share(Tally? tally) =>
        tally is { N: > 0 } ? Invariant($"{100.0 * tally.Right / tally.N:0.0} (n {tally.N})") : "–";

    private static string Share(double share, double low, double high) =>
        Invariant($"{100 * share:0.0} [{100 * low:0.0}, {100 * high:0.0}]");

    private static string Size(double bytes) => Invariant($"{bytes / 1024:#,0} KiB");
}

/// <summary>A row of a table of steps.</summary>
/// <param name="Cell">The cache.</param>
/// <param name="Shares">Right answers in percent, with the number of steps that were judged.</param>
internal sealed record StepShares(SummaryCell Cell, IReadOnlyList<string> Shares);
