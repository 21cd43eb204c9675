using StarKV.Budget;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports.Page;

namespace StarKV.Evaluation.Reports;

/// <summary>What the runs found, in sentences and at a glance; all of it follows from numbers that the page shows in tables.</summary>
/// <param name="runs">The runs with their tests, in the order of the page.</param>
/// <param name="memories">Memory of a session against that of one sample.</param>
internal sealed class Findings(IReadOnlyList<(FinishedRun Run, RunTests Tests)> runs, IReadOnlyList<PairedTest> memories)
{
    private static readonly string[] s_findings = ["better", "worse"];

    /// <summary>The sentences, in Markdown.</summary>
    public IEnumerable<Markdown> Sentences()
    {
        var (first, tests) = runs[0];
        if (first.Summary.ErrorsFirst)
            yield return ErrorText.Sentence(first.Summary);
        else if (Headline.Of(first.Summary) is { } headline)
            yield return Markdown.Of($"{headline.Sentence} {headline.Caution}");
        if (first.Summary.Cells.Where(c => c.Method == RunTests.Chance && c.Keep != "100%" && c.N > 0).ToList() is { Count: > 0 } chance)
        {
            var shares = chance.Select(c => Markdown.Of(
                $"{100 * c.Accuracy:0.0} % [{100 * c.Low:0.0}, {100 * c.High:0.0}] at {c.Keep}"));
            var tokens = Markdown.Code(RunTests.Chance);
            yield return Markdown.Of($"Tokens chosen by chance ({tokens}) give {Markdown.Join(", ", shares)}; n {Spans(chance)}.");
        }

        if (tests.Extremes.Count > 0)
        {
            var apart = tests.Extremes.Where(t => t.Finding == "better").ToList();
            var where = string.Join(", ", apart.Select(t => t.Keep));
            yield return Markdown.Of(
                $"The benchmark distinguishes methods at {apart.Count} of {tests.Extremes.Count} budgets: "
                    + $"best and worst, chance aside, differ after correction{(apart.Count > 0 ? " at " : "")}{where}.");
        }
    }

    /// <summary>What each run's sessions gave, compared with reading everything again, in Markdown; none without sessions.</summary>
    public IEnumerable<Markdown> Sessions()
    {
        foreach (var (number, (_, tests)) in runs.Index())
        {
            var modes = tests.Sessions.Last.Select(t => (Mode: SessionMode.ModeOf(t.First)!, Again: SessionMode.ModeOf(t.Second)!, Test: t))
                .Where(t => t.Again.ReadsAgain).GroupBy(t => t.Mode, t => t.Test).ToList();
            if (modes.Count > 0)
                yield return Markdown.Of(
                    $"Run {number + 1}, last answers of sessions against reading everything again, n "
                        + $"{tests.Sessions.Last.Max(t => t.N)}: {Markdown.Join("; ", modes.Select(m => Verdict($"{m.Key}", [.. m])))}.");
        }
    }

    private static Markdown Verdict(string mode, IReadOnlyList<PairedTest> tests)
    {
        string[] found =
        [
            .. s_findings.Select(finding => (finding, Tests: tests.Where(t => t.Finding == finding).ToList()))
                .Where(f => f.Tests.Count > 0)
                .Select(f => $"{f.finding} with {string.Join(", ", f.Tests.Select(t => $"{SessionMode.MethodOf(t.First)} {t.Keep}"))}"),
        ];
        var alike = tests.All(t => t.OnlyFirst + t.OnlySecond == 0) ? "right and wrong on the very same tasks" : "no difference found";
        return Markdown.Of($"{Markdown.Code(mode)} {(found.Length > 0 ? string.Join(", ", found) : alike)}");
    }

    /// <summary>What each run's variants did, compared with their methods' defaults, in Markdown; none without variants.</summary>
    public IEnumerable<Markdown> Variants()
    {
        foreach (var (number, (_, each)) in runs.Index().Where(r => r.Item.Tests.Variants.Count > 0))
            yield return Markdown.Of(
                $"Run {number + 1}, variants against their method's defaults, n "
                    + $"{each.Variants.Max(t => t.N)}: {Markdown.Join("; ", Verdicts(each.Variants))}.");
    }

    private static string Spans(List<SummaryCell> cells)
    {
        var (min, max) = (cells.Min(c => c.N), cells.Max(c => c.N));
        return min == max ? $"{max}" : $"{min}–{max}";
    }

    /// <summary>
    /// What variants did: which were better, worse, without any effect, and which cannot be distinguished from their defaults.
    /// </summary>
    internal static IEnumerable<Markdown> Verdicts(IReadOnlyList<PairedTest> tests)
    {
        var variants = tests.GroupBy(t => t.First).ToList();
        var (better, worse) = (At("better"), At("worse"));
        yield return better == Markdown.None
            ? "none is better at any budget, so none is offered as a preset"
            : Markdown.Of($"better {better}, offered as options of that name");
        if (worse != Markdown.None)
            yield return Markdown.Of($"worse {worse}");
        var same = variants.Where(v => v.All(t => t.OnlyFirst + t.OnlySecond == 0)).ToList();
        if (same.Count > 0)
            yield return Markdown.Of($"right and wrong on the very same tasks {Names(same)}");
        var rest = variants.Except(same).Where(v => v.All(t => t.Finding is not ("better" or "worse"))).ToList();
        if (rest.Count > 0)
            yield return Markdown.Of($"no difference found for {Names(rest)}");

        Markdown At(string finding)
        {
            var found = variants.Select(v => (v.Key, Keeps: v.Where(t => t.Finding == finding).Select(t => t.Keep).ToList()));
            return Markdown.Join(
                " and ",
                found.Where(v => v.Keeps.Count > 0).Select(v => Markdown.Of($"{Markdown.Code(v.Key)} at {string.Join(", ", v.Keeps)}")));
        }

        static Markdown Names(IEnumerable<IGrouping<string, PairedTest>> some) =>
            Markdown.Join(", ", some.Select(v => Markdown.Code(v.Key)));
    }

    /// <summary>All tests at a glance, in Markdown: one row per pair, one column per budget.</summary>
    public Markdown Glance()
    {
        var tests = runs.Index()
            .SelectMany(r => r.Item.Tests.Others.Concat(r.Item.Tests.Variants).Select(t => (Run: $"{r.Index + 1}", Test: t)));
        var groups = tests.Concat(memories.Select(t => (Run: "", Test: t)))
            .GroupBy(t => (t.Run, t.Test.First, t.Test.Second))
            .ToList();
        if (groups.Count == 0)
            return Markdown.None;
        var keeps = runs.SelectMany(r => r.Run.Plan.Keep)
            .Where(k => k != "100%")
            .Distinct()
            .OrderBy(k => KvBudget.Parse(k).Capacity(1 << 30))
            .ToList();
        var rows = groups.Select(g => (IEnumerable<Markdown>)
        [
            Markdown.Of($"{ResultsPage.Code(g.Key.First)}, {ResultsPage.Code(g.Key.Second)}"),
            g.Key.Run,
            .. keeps.Select(k => Mark(g.FirstOrDefault(t => t.Test.Keep == k).Test?.Finding)),
        ]);
        var table = MarkdownTable.Of(["first, second", "run", .. keeps], rows);
        return Markdown.Of(
            $"Each pair at each budget: + the first is better, − worse, · no difference found "
                + $"(McNemar, corrected; the tables above have the numbers).\n\n{table}");

        static Markdown Mark(string? finding) => finding switch
        {
            "better" => Markdown.Of($"+"),
            "worse" => "−",
            null => "",
            _ => "·",
        };
    }
}
