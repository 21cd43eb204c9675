using StarKV.Evaluation.Reports.Page;
using static System.FormattableString;

namespace StarKV.Evaluation.Reports;

/// <summary>What the runs found, in sentences and at a glance; all of it follows from numbers that the page shows further down.</summary>
/// <param name="runs">The runs with their tests, in the order of the page.</param>
/// <param name="memories">Memory of a session against that of one sample.</param>
internal sealed class Findings(IReadOnlyList<(FinishedRun Run, RunTests Tests)> runs, IReadOnlyList<PairedTest> memories)
{
    /// <summary>The sentences, in Markdown.</summary>
    public IEnumerable<string> Sentences()
    {
        var (first, tests) = runs[0];
        if (Headline.Of(first.Summary) is { } headline)
            yield return $"{headline.Sentence} {headline.Caution}";
        if (first.Summary.Cells.Where(c => c.Method == RunTests.Chance && c.Keep != "100%").ToList() is { Count: > 0 } chance)
            yield return $"Tokens chosen by chance (`{RunTests.Chance}`) give {string.Join(", ", chance.Select(c => Invariant($"{100 * c.Accuracy:0.0} % [{100 * c.Low:0.0}, {100 * c.High:0.0}] at {c.Keep}")))}; n {chance[0].N}.";
        if (tests.Extremes.Count > 0)
        {
            var apart = tests.Extremes.Where(t => t.Finding == "better").ToList();
            yield return $"The benchmark tells methods apart at {apart.Count} of {tests.Extremes.Count} budgets: best and worst, chance aside, differ after correction{(apart.Count > 0 ? $" at {string.Join(", ", apart.Select(t => $"{t.Keep} (`{t.First}` over `{t.Second}`)"))}" : "")}.";
        }

        foreach (var (number, (_, each)) in runs.Index().Where(r => r.Item.Tests.Variants.Count > 0))
        {
            var better = each.Variants.Where(t => t.Finding == "better").Select(t => $"`{t.First}` at {t.Keep}").ToList();
            yield return better.Count > 0 ? $"Run {number + 1}: better than the method's defaults: {string.Join(", ", better)}."
                : $"Run {number + 1}: no variant is better than its method's defaults at any budget, so none is offered as a preset.";
        }
    }

    /// <summary>All tests at a glance, in Markdown: a row a pair, a column a budget.</summary>
    public string Glance()
    {
        var groups = runs.Index().SelectMany(r => r.Item.Tests.Others.Concat(r.Item.Tests.Variants).Select(t => (Run: $"{r.Index + 1}", Test: t)))
            .Concat(memories.Select(t => (Run: "", Test: t))).GroupBy(t => (t.Run, t.Test.First, t.Test.Second)).ToList();
        if (groups.Count == 0)
            return "";
        var keeps = runs.SelectMany(r => r.Run.Plan.Keep).Where(k => k != "100%").Distinct().ToList();
        return "Each pair at each budget: + the first is better, − worse, · no difference found (McNemar, corrected; the tables below have the numbers).\n\n"
            + MarkdownTable.Of(["first, second", "run", .. keeps], groups.Select(g => (IEnumerable<string>)
                [$"{ResultsPage.Code(g.Key.First)}, {ResultsPage.Code(g.Key.Second)}", g.Key.Run, .. keeps.Select(k => g.FirstOrDefault(t => t.Test.Keep == k).Test?.Finding switch { "better" => "+", "worse" => "−", null => "", _ => "·" })]));
    }
}
