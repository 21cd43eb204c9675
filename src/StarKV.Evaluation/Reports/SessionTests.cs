using StarKV.Evaluation.Records;
using StarKV.Sessions;

namespace StarKV.Evaluation.Reports;

/// <summary>
/// The paired tests of a run whose tasks were given step by step: each mode against reading everything again, and where a window slides,
/// each way against the other, with equal method and budget.
/// </summary>
/// <param name="Last">Of the last answers.</param>
/// <param name="Throughout">Of whole trajectories: right when every judged step is.</param>
internal sealed record SessionTests(IReadOnlyList<PairedTest> Last, IReadOnlyList<PairedTest> Throughout)
{
    /// <summary>No tests.</summary>
    public static SessionTests None { get; } = new([], []);

    /// <summary>What tables of the last answers are called.</summary>
    public const string LastTitle = "Sessions, last answers";

    /// <summary>What tables of whole trajectories are called.</summary>
    public const string ThroughoutTitle = "Sessions, whole trajectories";

    /// <summary>Makes a run's tests; none where tasks were single questions.</summary>
    /// <param name="run">The run.</param>
    public static SessionTests Of(FinishedRun run)
    {
        if (run.Plan.Sessions is not { } written)
            return None;
        var modes = written.Select(SessionMode.Parse).ToList();
        var pairs = (from method in run.Plan.Methods
                     from pair in Pairs(modes)
                     select (First: pair.First.NameOf(method), Second: pair.Second.NameOf(method))).ToList();
        return new SessionTests(Tests(a => a.Verdict is Metrics.Verdict.Right), Tests(a => a.IsRightThroughout));

        IReadOnlyList<PairedTest> Tests(Func<AnswerRecord, bool> isRight)
        {
            var results = pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct()
                .ToDictionary(name => name, name => MethodResults.Of(name, run.Samples, isRight));
            return PairedTest.Of(pairs.Select(p => (results[p.First], results[p.Second])));
        }
    }

    /// <summary>
    /// What a mode would be without a price: of a run's ways to read everything again the one that is most like it; null where there is
    /// none, and for those ways.
    /// </summary>
    /// <param name="mode">The mode.</param>
    /// <param name="modes">The run's modes.</param>
    public static SessionMode? Again(SessionMode mode, IEnumerable<SessionMode> modes) => mode.ReadsAgain ? null
        : modes.Where(m => m.ReadsAgain).OrderByDescending(m => m.Protect == mode.Protect)
            .ThenByDescending(m => m.Budget == mode.Budget).FirstOrDefault();

    private static IEnumerable<(SessionMode First, SessionMode Second)> Pairs(IReadOnlyList<SessionMode> modes)
    {
        foreach (var mode in modes.Where(m => !m.ReadsAgain))
        {
            if (Again(mode, modes) is { } again)
                yield return (mode, again);
            if (mode is { Window: not null, Slide: WindowSlide.Drop } && modes.Contains(mode with { Slide = WindowSlide.Exact }))
                yield return (mode, mode with { Slide = WindowSlide.Exact });
        }
    }
}
