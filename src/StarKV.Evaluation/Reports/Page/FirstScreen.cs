using StarKV.Evaluation.Runs;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>What was measured, the answer in one sentence, and the main curves: what a stranger reads first.</summary>
internal static class FirstScreen
{
    public static Html Of(ReportPage page)
    {
        var (plan, summary) = (page.Plan, page.Runs[0].Summary);
        return Html.Of($"""
            <header>
            <p class="brand">starkv report</p>
            <h1>{page.Heading}</h1>
            {Introduction(plan, summary)}
            {ErrorSection.Of(page)}
            {Charts(page.Runs[0])}
            {(page.Headline is { } headline ? Html.Of($"<p class=\"soft\">{headline.Caution}</p>") : Html.None)}
            <dl class="facts">
            {Fact("benchmark", Benchmark(plan, summary))}
            {Fact("model", $"{plan.Model}, fingerprint {plan.ModelFingerprint}, {plan.Compute}")}
            {Fact("compared", $"{string.Join(", ", plan.Methods)}")}
            {Fact("budgets", $"{string.Join(", ", plan.Keep.Where(k => k != "100%"))}; {page.Runs[0].Circumstances}")}
            {Fact("made with", MadeWith(page.Runs))}
            {Fact("intervals", "Wilson's 95 % for shares; paired tests are McNemar's, exact, with Holm's correction")}
            </dl>
            {Contents(page.Runs)}
            {Command(page.Command)}
            </header>
            """);
    }

    private static Html Introduction(RunPlan plan, RunSummary summary) => Html.Of(
        $"<p>A GUI agent reads screenshots and an instruction, and answers with one action. What it has read fills a key/value cache. "
            + $"Each method below keeps only a part of that cache, and the agent answers from that part alone. Measured: right answers "
            + $"to {summary.Done:N0} tasks of {plan.Benchmark} with the model {plan.Model}{Range(plan)}.</p>");

    private static string Benchmark(RunPlan plan, RunSummary summary)
    {
        var limit = plan.Limit is null ? "" : $" (limited to {plan.Limit})";
        var errors = summary.Errors > 0 ? $"; {summary.Errors} with errors, which are in no share" : "";
        return $"{plan.Benchmark}, {summary.Done:N0} tasks{limit}{errors}";
    }

    private static Html Contents(IReadOnlyList<FinishedRun> runs) => runs.Count == 1
        ? Html.None
        : Html.Of(
            $"<nav aria-label=\"runs\"><p>Answer and curves above are of run 1.</p>"
                + $"<ol>{runs.Select((r, i) => Html.Of($"<li><a href=\"#run{i + 1}\">{r.Circumstances}</a></li>"))}</ol></nav>");

    private static Html Command(string line) => line.Length == 0
        ? Html.None
        : Html.Of($"<pre tabindex=\"0\" aria-label=\"command line\"><code>{line}</code></pre>");

    /// <summary>Versions and machine, and whether all starts of all runs agree in them.</summary>
    private static string MadeWith(IReadOnlyList<FinishedRun> runs)
    {
        var first = runs[0].Manifest.Environment;
        var others = runs.SelectMany(r => r.Starts.Append(r.Manifest.Environment))
            .DistinctBy(e => (e.Version, e.Libraries.GetValueOrDefault("libtorch"), e.Processor, e.Card))
            .Count()
            - 1;
        var version = first.Version.Split('+') is [var number, { Length: > 9 } commit]
            ? $"{number}, commit {commit[..9]}"
            : first.Version;
        var plural = others > 1 ? "s" : "";
        var mixed = others == 0 ? "" : $"; parts with {others} other version{plural} or machine{plural}, as the runs' starts files say";
        var machine = first.Card ?? first.Processor ?? first.System;
        return $"starkv {version}; libtorch {first.Libraries.GetValueOrDefault("libtorch")}; {machine}{mixed}";
    }

    /// <summary>A run's curves over the bytes and over the budget, each drawn twice: for wide and for narrow screens.</summary>
    public static Html Charts(FinishedRun run)
    {
        var wide = Drawn(run, narrow: false).ToList();
        var narrow = Drawn(run, narrow: true);
        return wide.Count == 0 ? Html.None : Html.Of(
            $"<p><strong>Higher and further left is better.</strong></p>"
                + $"<div class=\"charts\">{wide.Zip(narrow, (w, n) => Chart(w.Svg, n.Svg)).Reverse()}</div>");
    }

    private static IEnumerable<(string File, string Title, string Svg)> Drawn(FinishedRun run, bool narrow) => run.Plan.Sessions is null
        ? new RunCurves(run, run.Plan.Benchmark, narrow).Overall()
        // The page has the last ones first.
        : new SessionCurves(run, run.Plan.Benchmark, narrow).All().Reverse();

    private static Html Chart(string wide, string narrow) => Html.Of(
        $"<div class=\"chart wide\">{new Html(wide)}</div><div class=\"chart narrow\">{new Html(narrow)}</div>\n");

    private static string Range(RunPlan plan) =>
        plan.Keep.Where(k => k != "100%").ToList() is [var first, .., var last]
            ? $", at budgets from {first} to {last} of "
                + $"{(plan.Convention is BudgetConvention.Image ? "the screenshots' tokens" : "all tokens")}"
            : "";

    private static Html Fact(string name, string value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
}
