using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>What one method at one budget took.</summary>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="Bytes">Bytes of keys and values held.</param>
/// <param name="SelectionMilliseconds">Scoring, choosing and copying rows.</param>
/// <param name="AnswerTokens">Length of the answers.</param>
public sealed record CellCosts(string Method, string Keep, Percentiles Bytes, Percentiles SelectionMilliseconds, Percentiles AnswerTokens)
{
    /// <value>
    /// Time of a step after the first, screenshots encoded before; null (default) where tasks were single questions or had one step.
    /// </value>
    public Percentiles? StepMilliseconds { get; init; }

    /// <value>Time of writing the drafts that the method looked at; null (default) for a method without one.</value>
    public Percentiles? DraftMilliseconds { get; init; }

    /// <value>Bytes of keys and values held when the drafts had been written; null (default) for a method without one.</value>
    public Percentiles? DraftHeldBytes { get; init; }
}

/// <summary>Memory and time of a run's samples: median, and the tenth that is smallest and largest.</summary>
/// <param name="Caches">Caches that share one reading of a prompt.</param>
/// <param name="Stages">Milliseconds of each stage of a sample, all caches together; empty when nothing was timed, and when each cache
/// has readings of its own.</param>
/// <param name="Cells">Method by method, budget by budget; caches without an answer are left out.</param>
public sealed record RunCosts(int Caches, IReadOnlyDictionary<string, Percentiles> Stages, IReadOnlyList<CellCosts> Cells)
{
    private static readonly (string Name, Func<SampleTimes, double> Of)[] s_stages =
    [
        ("screenshots", t => t.Draw),
        ("preprocess", t => t.Preprocess),
        ("vision", t => t.Vision),
        ("prefill", t => t.Prefill),
        ("decode", t => t.Decode),
        ("total", t => t.Total),
    ];

    /// <summary>Sums up a run's samples.</summary>
    public static RunCosts Of(FinishedRun run)
    {
        var timed = run.Samples.Values.Select(s => s.Milliseconds).OfType<SampleTimes>().ToList();
        var answers = run.Samples.Values.SelectMany(s => s.Answers).ToLookup(a => (a.Method, a.Keep));
        return new RunCosts(
            run.Samples.Values.Max(s => s.Answers.Count),
            timed.Count == 0 || run.Plan.Sessions is not null
                ? new Dictionary<string, Percentiles>()
                : s_stages.ToDictionary(s => s.Name, s => Percentiles.Of(timed.Select(s.Of))),
            [.. run.Summary.Cells.Where(c => c.N > 0).Select(c => Cell(c, [.. answers[(c.Method, c.Keep)]]))]);
    }

    private static CellCosts Cell(SummaryCell cell, List<AnswerRecord> answers) => new(
        cell.Method,
        cell.Keep,
        Percentiles.Of(answers.Select(a => (double)a.Bytes)),
        Percentiles.Of(answers.Select(a => a.SelectionMilliseconds)),
        Percentiles.Of(answers.Select(a => (double)a.Tokens)))
    {
        StepMilliseconds = answers.SelectMany(a => a.Steps?.Skip(1) ?? []).Select(s => s.Milliseconds).ToList() is { Count: > 0 } times
            ? Percentiles.Of(times)
            : null,
        DraftMilliseconds = OfDrafts(answers, d => d.Milliseconds),
        DraftHeldBytes = OfDrafts(answers, d => d.HeldBytes),
    };

    private static Percentiles? OfDrafts(List<AnswerRecord> answers, Func<DraftRecord, double> of) =>
        answers.Select(a => a.Draft).OfType<DraftRecord>().Select(of).ToList() is { Count: > 0 } drafts ? Percentiles.Of(drafts) : null;
}
