namespace StarKV.Evaluation.Reports;

/// <summary>The paired tests of one run, each group corrected for its number.</summary>
internal sealed class RunTests
{
    /// <summary>The method that chooses by chance.</summary>
    public const string Chance = "random";

    /// <summary>Makes the tests of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="subject">The method that others are compared with.</param>
    public RunTests(FinishedRun run, string subject)
    {
        Sessions = SessionTests.Of(run);
        if (run.Plan.Sessions is not null)
        {
            (Extremes, Others, Variants) = ([], [], []);
            return;
        }

        var methods = run.Plan.Methods.Where(m => run.Summary.Cells.Any(c => c.Method == m && c.Keep != "100%" && c.N > 0))
            .ToDictionary(m => m, m => MethodResults.Of(m, run.Samples));
        var plain = methods.Values.Where(m => ResultsPage.BaseOf(m.Name) is null).ToList();
        (Extremes, Pairs) = OfExtremes(run, [.. plain.Where(m => m.Name != Chance)]);
        Others = methods.TryGetValue(subject, out var known)
            ? PairedTest.Of(methods.Values.Where(m => m != known && ResultsPage.BaseOf(m.Name) != subject).Select(m => (known, m)))
            : [];
        Variants = PairedTest.Of(
            methods.Values.Where(m => ResultsPage.BaseOf(m.Name) is { } known && methods.ContainsKey(known))
                .Select(m => (m, methods[ResultsPage.BaseOf(m.Name)!])));
    }

    /// <value>At each budget the best method against the worst, chance aside; none with fewer than three methods.</value>
    public IReadOnlyList<PairedTest> Extremes { get; }

    /// <value>Best and worst are chosen by looking, so <see cref="Extremes"/> are corrected for so many pairs.</value>
    public int Pairs { get; }

    /// <value>The subject against all other methods but its own variants.</value>
    public IReadOnlyList<PairedTest> Others { get; }

    /// <value>Methods with options against their defaults.</value>
    public IReadOnlyList<PairedTest> Variants { get; }

    /// <value>Sessions against reading again; the other tests are none in a run that has these.</value>
    public SessionTests Sessions { get; }

    private static (IReadOnlyList<PairedTest> Extremes, int Pairs) OfExtremes(FinishedRun run, List<MethodResults> methods)
    {
        if (methods.Count < 3)
            return ([], 0);
        var tests =
            PairedTest.Of(methods.SelectMany((first, i) => methods.Skip(i + 1).Select(second => (first, second)))).ToLookup(t => t.Keep);
        return (
            [
                .. run.Plan.Keep.Where(k => k != "100%" && tests.Contains(k))
                    .Select(k => tests[k].Select(t => t.Difference < 0 ? t.Swapped() : t).MaxBy(t => t.Difference)!),
            ],
            tests.Sum(t => t.Count()));
    }
}
