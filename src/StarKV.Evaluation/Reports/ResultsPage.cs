using System.Text;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;
using StarKV.Reports.Markup;
using static System.FormattableString;

namespace StarKV.Evaluation.Reports;

/// <summary>The page of results: tables in Markdown, curves as SVG files next to it. Everything on it comes from the runs' files.</summary>
/// <param name="runs">The runs, in the order of the page.</param>
public sealed class ResultsPage(IReadOnlyList<FinishedRun> runs)
{
    /// <summary>The method that others are compared with where none is named.</summary>
    public const string DefaultSubject = "star-kv";

    /// <value>The method that others are compared with; default <see cref="DefaultSubject"/>.</value>
    public string Subject { get; init; } = DefaultSubject;

    /// <summary>The page's text and its pictures by file name.</summary>
    /// <param name="pictures">The folder of the pictures as the page names it, such as <c>images</c>.</param>
    /// <param name="name">What the pictures' names begin with, so that pages may share a folder.</param>
    public (string Markdown, IReadOnlyDictionary<string, string> Pictures) Make(string pictures, string name)
    {
        var (page, files) = (new StringBuilder(), new Dictionary<string, string>());
        var plan = runs[0].Plan;
        Write(
            page,
            $"# Results: {plan.Benchmark}\n\nWritten by `starkv eval report`; how it is measured: [evaluation.md](evaluation.md).\n\n");
        Write(
            page,
            $"Model {Markdown.Code(plan.Model)} (fingerprint {Markdown.Code(plan.ModelFingerprint)}), {plan.Compute}. "
                + $"Percentages are right answers; brackets hold Wilson's 95 % interval. {ErrorText.Rule}\n\n");
        Errors(page);
        var tests = runs.Select(r => (Run: r, Tests: new RunTests(r, Subject))).ToList();
        var memories = Memories();
        var findings = new Findings(tests, memories);
        Write(page, $"## Findings\n\n{findings.Sentences().Concat(findings.Sessions()).Select(Item)}");
        FullCache(page);
        foreach (var (number, (run, of)) in tests.Index())
            Append(page, files, run, of, number + 1, pictures, name);
        Table(page, "Memory of a session against memory of one sample", memories, level: 2);
        Glance(page, findings);
        return (page.ToString(), files);
    }

    private static Markdown Item(Markdown sentence) => Markdown.Of($"- {sentence}\n");

    /// <summary>All tests of all runs, one sign each; the tables above it have the numbers.</summary>
    private static void Glance(StringBuilder page, Findings findings)
    {
        var glance = findings.Glance();
        if (glance == Markdown.None)
            return;
        page.Append("\n## All tests at a glance\n\n");
        var variants = findings.Variants().ToList();
        if (variants.Count > 0)
            Write(page, $"{variants.Select(Item)}\n");
        Write(page, $"{glance}");
    }

    /// <summary>The runs' errors by reason; nothing when there are none.</summary>
    private void Errors(StringBuilder page)
    {
        if (runs.All(r => r.Summary.Errors == 0))
            return;
        page.Append("## Errors\n\n");
        Write(
            page,
            ["reason, of the first such task", "run", "tasks", "caches"],
            runs.Index().SelectMany(r => Rows(r.Index + 1, r.Item.Summary)));
        page.Append('\n');

        static IEnumerable<IEnumerable<Markdown>> Rows(int number, RunSummary summary) =>
            summary.Reasons.Select(reason => (IEnumerable<Markdown>)
            [
                Markdown.Of($"{reason.Reason} ({Markdown.Code(reason.Task)})"),
                $"{number}",
                $"{reason.Tasks} of {summary.Done}",
                reason.Where(summary.Cells.Count),
            ]);
    }

    private void Append(
        StringBuilder page, Dictionary<string, string> files, FinishedRun run, RunTests tests, int number, string pictures, string name)
    {
        var (summary, plan) = (run.Summary, run.Plan);
        Write(page, $"\n## Run {number}: {run.Circumstances}\n\n{ErrorText.Tasks(summary)}\n\n");
        // A run of variants of one method is read as differences; curves would overlap.
        var methods = summary.Cells.GroupBy(c => c.Method).ToList();
        var curves = new RunCurves(run, $"{name}-{number}");
        Pictures(page, files, plan.Sessions is null ? curves.Overall() : new SessionCurves(run, $"{name}-{number}").All(), pictures);

        var keeps = plan.Keep.Append("100%").Distinct().ToList();
        Write(
            page,
            ["method", .. keeps],
            methods.Select(m =>
                (IEnumerable<Markdown>)[
                    Code(m.Key), .. keeps.Select(k => m.FirstOrDefault(c => c.Keep == k) is { } c ? Cell(c, summary.MaxAnswered) : "")]));
        page.Append("\nBytes held, the mean over the answers, and their share of the full cache:\n\n");
        Write(
            page,
            ["method", .. keeps],
            methods.Select(m =>
                (IEnumerable<Markdown>)[
                    Code(m.Key),
                    .. keeps.Select(k =>
                        m.FirstOrDefault(c => c.Keep == k) is { N: > 0 } c
                            ? Invariant($"{c.Bytes / 1024:#,0} KiB ({100 * c.ByteShare:0.0} %)")
                            : "")]));
        foreach (var label in methods[0].First().By.Keys.Where(l => l is "kind" or "form" or "split" or "steps"))
            ByLabel(page, methods, keeps, label);
        Sessions(page, summary);
        var kinds = plan.Sessions is null ? curves.By("kind").ToList() : [];
        if (kinds.Count > 1)
        {
            page.Append("\n<details><summary>Curves by kind</summary>\n\n");
            Pictures(page, files, kinds, pictures);
            page.Append("</details>\n");
        }

        Table(
            page,
            Markdown.Of($"Best and worst method at each budget, {Markdown.Code(RunTests.Chance)} aside"),
            tests.Extremes,
            tests: tests.Pairs);
        Table(page, Markdown.Of($"{Markdown.Code(Subject)} against other methods"), tests.Others);
        Table(page, "Variants against the method with its defaults", tests.Variants);
        Table(page, SessionTests.LastTitle, tests.Sessions.Last);
        Table(page, SessionTests.ThroughoutTitle, tests.Sessions.Throughout);
    }

    /// <summary>What the modes came to; nothing where tasks were single questions.</summary>
    private static void Sessions(StringBuilder page, RunSummary summary)
    {
        if (summary.Plan.Sessions is null)
            return;
        Write(page, $"\n### Step by step\n\n{SessionText.Rule}\n\n");
        Write(
            page,
            SessionText.Columns.Select(c => (Markdown)c),
            SessionText.Rows(summary).Select(r => (IEnumerable<Markdown>)
                [Code(r.Row[0]), .. r.Row.Skip(1).Select(numbers => new Markdown(numbers))]));
        foreach (var (title, columns, rows) in SessionText.BySteps(summary))
        {
            Write(page, $"\n<details><summary>{title}</summary>\n\n");
            Write(
                page,
                ["cache", "keep", .. columns.Select(c => (Markdown)c)],
                rows.Select(r => (IEnumerable<Markdown>)[Code(r.Cell.Method), r.Cell.Keep, .. r.Shares.Select(text => (Markdown)text)]));
            page.Append("\n</details>\n");
        }
    }

    /// <summary>What the model can do when nothing is dropped, by the finest label that the benchmark has.</summary>
    private void FullCache(StringBuilder page)
    {
        if (runs[0].Summary.Cells.FirstOrDefault(c => c.Keep == "100%") is not { N: > 0 } full
            || !full.By.TryGetValue("stratum", out var strata))
            return;
        page.Append("\n## The full cache\n\nWhat the model can do when nothing is dropped.\n\n");
        Write(
            page,
            ["tasks", "n", "right"],
            strata.Append(new("all", new Tally(full.N, full.Right)))
                .Select(s => (IEnumerable<Markdown>)[s.Key, $"{s.Value.N}", Cell(s.Value)]));
    }

    private static void ByLabel(StringBuilder page, List<IGrouping<string, SummaryCell>> methods, List<string> keeps, string label)
    {
        var values = methods[0].First().By[label].Keys.ToList();
        if (values.Count < 2)
            return;
        Write(page, $"\n### By {label}\n");
        foreach (var keep in keeps)
        {
            var cells = methods.SelectMany(m => m).Where(c => c.Keep == keep && c.N > 0).ToList();
            if (cells.Count == 0)
                continue;
            var max = values.ToDictionary(v => v, v => cells.Max(c => c.By[label][v].N));
            Write(page, $"\nKeep {keep}:\n\n");
            Write(page, ["method", .. values.Select(v => $"{v} (n {max[v]})")], cells.Select(c => (IEnumerable<Markdown>)
                [Code(c.Method), .. values.Select(v => (Markdown)Share(c.By[label][v], max[v]))]));
        }
    }

    /// <summary>Equal methods with the memory of a session compared with that of one sample, where both were run.</summary>
    private IReadOnlyList<PairedTest> Memories()
    {
        var pairs = from session in runs
                    where session.Plan is { Memory: MemorySpan.Session, Sessions: null }
                    from method in session.Plan.Methods
                    let sample = runs.FirstOrDefault(r => IsOfOneSample(r, session.Plan, method))
                    where sample is not null
                    select (
                        MethodResults.Of(method, session.Samples, $"{method} (session)"),
                        MethodResults.Of(method, sample!.Samples, $"{method} (sample)"));
        return PairedTest.Of(pairs);

        static bool IsOfOneSample(FinishedRun run, RunPlan session, string method) =>
            run.Plan is { Memory: MemorySpan.Sample, Sessions: null }
            && (run.Plan.Match, run.Plan.Convention) == (session.Match, session.Convention)
            && run.Plan.Methods.Contains(method);
    }

    private static void Table(StringBuilder page, Markdown title, IReadOnlyList<PairedTest> rows, int level = 3, int? tests = null)
    {
        if (rows.Count == 0)
            return;
        Write(
            page,
            $"\n{new Markdown(new string('#', level))} {title}\n\nPaired on the same "
                + $"tasks; McNemar's exact test, two-sided, with Holm's correction for "
                + $"{(tests is { } all ? $"all {all} pairs of methods at all budgets" : $"the {rows.Count} tests of this table")}; "
                + $"level 5 %. The difference's interval is a bootstrap with a fixed seed.\n\n");
        Write(page, Columns, rows.Select(Row));
    }

    internal static readonly Markdown[] Columns =
        ["first", "second", "keep", "n", "only first right", "only second right", "difference", "p", "p corrected", "the first is"];

    internal static IEnumerable<Markdown> Row(PairedTest t) =>
    [
        Code(t.First),
        Code(t.Second),
        t.Keep,
        $"{t.N}",
        $"{t.OnlyFirst}",
        $"{t.OnlySecond}",
        Markdown.Of($"{100 * t.Difference:+0.0;−0.0;0.0} [{100 * t.Low:0.0}, {100 * t.High:0.0}]"),
        P(t.P),
        P(t.Corrected),
        t.Finding,
    ];

    private static void Pictures(
        StringBuilder page, Dictionary<string, string> files, IEnumerable<(string File, string Title, string Svg)> drawn, string folder)
    {
        foreach (var (file, title, svg) in drawn)
        {
            files[file] = svg;
            Write(page, $"![{title}]({Markdown.Address(folder, file)})\n\n");
        }
    }

    /// <summary>The method of a variant; null for a method with its defaults.</summary>
    internal static string? BaseOf(string method) =>
        method.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? method[..colon] : null;

    internal static Markdown Cell(SummaryCell c, int max)
    {
        var note = ErrorText.Note(c, max);
        var share = c.N == 0 ? "–" : Share(c.Accuracy, c.Low, c.High);
        return note == "" ? share : Markdown.Of($"{share} ({note})");
    }

    private static Markdown Cell(Tally tally)
    {
        var interval = Wilson.Of(tally.Right, tally.N);
        return Share(interval.Share, interval.Low, interval.High);
    }

    internal static Markdown Share(double share, double low, double high) =>
        Markdown.Of($"{100 * share:0.0} [{100 * low:0.0}, {100 * high:0.0}]");

    private static string Share(Tally tally, int max) =>
        (tally.N == 0 ? "–" : Invariant($"{100.0 * tally.Right / tally.N:0.0}")) + (tally.N == max ? "" : $" (n {tally.N})");

    internal static string P(double p) => p < 0.0001 ? "< 0.0001" : Invariant($"{p:0.0000}");

    /// <summary>A method as code; a name with a remark in brackets as it is.</summary>
    internal static Markdown Code(string text) => text.Contains(" (", StringComparison.Ordinal) ? text : Markdown.Code(text);

    private static void Write(StringBuilder page, MarkupHandler<Markdown> text) => page.Append(text.ToString());

    private static void Write(StringBuilder page, IEnumerable<Markdown> head, IEnumerable<IEnumerable<Markdown>> rows) =>
        page.Append(MarkdownTable.Of(head, rows).Markup);
}
