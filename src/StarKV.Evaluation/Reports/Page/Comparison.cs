using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>Paired tests that belong together: Holm's correction is for the tests of one comparison.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Tests">The tests, pair by pair, budget by budget.</param>
public sealed record Comparison(string Title, IReadOnlyList<PairedTest> Tests)
{
    /// <summary>
    /// The comparisons of a run: each method with the full cache, the others with the subject, variants with their method's defaults; of
    /// one that gave tasks step by step, sessions with reading again.
    /// </summary>
    public static IReadOnlyList<Comparison> Of(FinishedRun run)
    {
        if (run.Plan.Sessions is not null)
        {
            var (last, throughout) = SessionTests.Of(run);
            return
            [
                .. new[] { new Comparison(SessionTests.LastTitle, last), new Comparison(SessionTests.ThroughoutTitle, throughout) }
                    .Where(c => c.Tests.Count > 0),
            ];
        }

        var methods = run.Summary.Cells.Where(c => c.Keep != "100%" && c.N > 0).Select(c => c.Method).Distinct()
            .Select(m => MethodResults.Of(m, run.Samples)).ToList();
        var known = methods.ToDictionary(m => m.Name);
        var plain = methods.Where(m => ResultsPage.BaseOf(m.Name) is null).ToList();
        var subject = known.GetValueOrDefault(ResultsPage.DefaultSubject) ?? plain.FirstOrDefault();
        var comparisons = new List<Comparison>();
        if (Full(run) is { } full)
            comparisons.Add(new Comparison("Each method against the full cache", PairedTest.Of(plain.Select(m => (m, full)))));
        if (subject is not null)
            comparisons.Add(
                new Comparison(
                    $"Each other method against {subject.Name}", PairedTest.Of(plain.Where(m => m != subject).Select(m => (m, subject)))));
        comparisons.Add(
            new Comparison(
                "Variants against their method's defaults",
                PairedTest.Of(
                    methods.Where(m => ResultsPage.BaseOf(m.Name) is { } name && known.ContainsKey(name))
                        .Select(m => (m, known[ResultsPage.BaseOf(m.Name)!])))));
        return [.. comparisons.Where(c => c.Tests.Count > 0)];
    }

    /// <summary>The full cache's verdicts, repeated at every budget; null when the run has none.</summary>
    private static MethodResults? Full(FinishedRun run)
    {
        var right = run.Samples.Values.Select(s => (s.Task, Answer: s.Answers.FirstOrDefault(a => a.Keep == "100%")))
            .Where(x => x.Answer is not null)
            .ToDictionary(x => x.Task, x => x.Answer!.Verdict is Verdict.Right);
        return right.Count == 0
            ? null
            : new MethodResults(
                "full cache", run.Plan.Keep.Where(k => k != "100%").ToDictionary(k => k, _ => (IReadOnlyDictionary<string, bool>)right));
    }
}
