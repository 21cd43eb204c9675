using System.Text.Json;
using System.Text.RegularExpressions;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Reports;

public sealed class ReportPageTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_page_says_the_answer_and_shows_every_method_at_every_budget()
    {
        var html = Page().ToHtml();
        // 11 of 12 right at 20 %; 8 of 12 at 5 % are fewer than nine of ten.
        Assert.Contains("<h1>Holding 20.0\u00A0% of the cache&#39;s bytes, star-kv gives 91.7\u00A0% right answers; the full cache gives 100.0\u00A0%.</h1>", Entities(html), StringComparison.Ordinal);
        Assert.Contains("12 tasks are few", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">snapkv</th><td class=\"n\">25.0 <small>8.9–53.2</small></td><td class=\"n\">50.0 <small>25.4–74.6</small></td>", html, StringComparison.Ordinal);
        Assert.Contains("full cache 100.0 %", html, StringComparison.Ordinal);
        Assert.Contains("By kind <small>Icon, Text</small>", html, StringComparison.Ordinal);
        Assert.Contains("None of the runs of this page is matched by bytes", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_are_listed_without_pictures_when_the_benchmark_is_not_at_hand()
    {
        var html = Page(errors: true).ToHtml();
        Assert.Contains("Without pictures: the screenshots of fake-v1 are not available", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("1 of 11 tasks were answered wrongly; the full cache gets 1 of these right", html, StringComparison.Ordinal);
        Assert.Contains("<li>t11: no screenshot &lt;here&gt;</li>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_screenshot_that_cannot_be_had_is_a_sentence_in_its_place()
    {
        var tasks = FakeRun.Tasks.Select(t => t with { Open = () => throw new StarKvException("frame 0 is gone.") }).ToList();
        Assert.Contains("No picture: frame 0 is gone.", new ReportPage(Page().Runs) { Benchmark = new Tasked(tasks) }.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_so_many_failures_are_shown()
    {
        var page = new ReportPage(Runs(FakeRun.Plan, record => record with { Answers = [.. record.Answers.Select(a => a.Keep == "100%" || record.Task == "t01" ? a : a with { Verdict = Verdict.Wrong })] })) { MaxFailures = 5 };
        Assert.Contains("The first 5 are shown.", page.ToHtml(), StringComparison.Ordinal);
        Assert.Equal(5, Regex.Count(page.ToHtml(), "<figure>"));
        Assert.StartsWith("No smaller cache kept nine of ten of the full cache's right answers (100.0\u00A0%)", page.Summary.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_full_cache_has_an_answer_too()
    {
        var page = new ReportPage(Runs(FakeRun.Plan with { Methods = ["star-kv"] }, record => record with { Answers = [.. record.Answers.Where(a => a.Method == "star-kv")] }));
        Assert.Equal("star-kv gave the most right answers, 91.7\u00A0%, holding 20.0\u00A0% of the cache's bytes.", page.Summary.Answer);
        Assert.DoesNotContain("against the full cache", page.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_right_is_said_as_it_is()
    {
        var page = new ReportPage(Runs(FakeRun.Plan, record => record with { Answers = [.. record.Answers.Select(a => a with { Verdict = Verdict.Wrong })] }));
        Assert.Equal("No compressed cache gave a right answer; the full cache gives 0.0 %.", page.Summary.Answer);
    }

    [Fact]
    public void Rows_of_a_comparison_name_the_method_that_its_title_does_not()
    {
        var tests = Page().Reported[0].Comparisons[1].Tests;
        Assert.Equal([("snapkv", "star-kv", "5%"), ("snapkv", "star-kv", "20%")], tests.Select(t => (t.First, t.Second, t.Keep)));
    }

    [Fact]
    public void A_run_of_the_full_cache_alone_is_a_page()
    {
        var page = new ReportPage(Runs(FakeRun.Plan with { Methods = ["full"], Keep = [] }, record => record with { Answers = [.. record.Answers.Where(a => a.Method == "full")] }));
        Assert.Null(page.Summary.Answer);
        Assert.Contains("<h1>fake-v1: 100.0\u00A0% right answers with the full cache</h1>", Entities(page.ToHtml()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_drafts_took_stands_beside_what_is_held()
    {
        var page = new ReportPage(Runs(FakeRun.Plan, record => record with
        {
            Answers = [.. record.Answers.Select(a => a.Method == "snapkv" ? a with { Draft = new DraftRecord(8, 12.5, 3 << 20) } : a)],
        }));
        var cells = page.Reported[0].Costs.Cells.ToLookup(c => c.Method == "snapkv");
        Assert.All(cells[true], c => Assert.Equal((12.5, 3 << 20), (c.DraftMilliseconds!.Value.Median, c.DraftHeldBytes!.Value.Median)));
        Assert.All(cells[false], c => Assert.Equal((null, null), (c.DraftMilliseconds, c.DraftHeldBytes)));
        Assert.Contains("Writing the draft in milliseconds.", page.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("3.0\u00A0MiB", Entities(page.ToHtml()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_which_no_task_could_be_run_is_a_page()
    {
        var html = new ReportPage(Runs(FakeRun.Plan, record => record with { Error = "no screenshot", Answers = [] })).ToHtml();
        Assert.Contains("<h1>fake-v1: no task could be run, 12 of 12 have errors.</h1>", html, StringComparison.Ordinal);
        Assert.Contains("12 tasks with errors", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_stands_beside_the_page_and_never_replaces_that_of_a_run()
    {
        var page = Page();
        Directory.CreateDirectory(_temp.File("out"));
        page.Save(Path.Combine(_temp.File("out"), "report.html"));
        var summary = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(_temp.File("out"), "summary.json")));
        Assert.Equal(page.Headline!.Sentence, summary.GetProperty("answer").GetString());
        var run = summary.GetProperty("runs")[0];
        Assert.Equal(7, run.GetProperty("summary").GetProperty("cells").GetArrayLength());
        Assert.Equal(0.5, run.GetProperty("costs").GetProperty("cells")[1].GetProperty("selectionMilliseconds").GetProperty("median").GetDouble());
        Assert.Equal(["Each method against the full cache", "Each other method against star-kv", "Variants against their method's defaults"],
            run.GetProperty("comparisons").EnumerateArray().Select(c => c.GetProperty("title").GetString()));
        Assert.Contains("whose summary.json the report's own would replace", Assert.Throws<StarKvException>(() => page.Save(Path.Combine(_temp.File("run"), "report.html"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Against_the_full_cache_tests_are_paired_and_corrected()
    {
        var tests = Page().Reported[0].Comparisons[0].Tests;
        Assert.Equal([("star-kv", "5%", 0, 4), ("star-kv", "20%", 0, 1), ("snapkv", "5%", 0, 9), ("snapkv", "20%", 0, 6)], tests.Select(t => (t.First, t.Keep, t.OnlyFirst, t.OnlySecond)));
        // 2 · 0.5⁹, times the four tests of the table.
        Assert.Equal(4 * 2 / 512.0, tests[2].Corrected, 10);
        Assert.Equal(["no difference found", "no difference found", "worse", "no difference found"], tests.Select(t => t.Finding));
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3, 3, 3)]
    [InlineData(new double[] { 4, 1 }, 2.5, 1.3, 3.7)]
    [InlineData(new double[] { 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, 6, 2, 10)]
    public void Spreads(double[] numbers, double median, double low, double high) => Assert.Equal(new Percentiles(median, low, high), Percentiles.Of(numbers));

    [Fact]
    public void Points_of_actions_are_found_and_typed_brackets_are_not()
    {
        Assert.Equal([(41, 312)], FailurePicture.Points("click (41,312)"));
        Assert.Equal([(1, -2), (3, 4)], FailurePicture.Points("drag (1,-2) → (3,4)"));
        Assert.Empty(FailurePicture.Points("type \"at \"home\" (5,6)\""));
        Assert.Empty(FailurePicture.Points(null));
    }

    [Fact]
    public void Tasks_of_minigui_that_are_clicked_know_their_target() =>
        Assert.All(new MiniGuiBenchmark().Tasks.Where(t => t.Labels["kind"] is "text" or "icon" or "relation"), t => Assert.NotNull(t.Target));

    private ReportPage Page(bool errors = false) => new(Runs(FakeRun.Plan, record => errors && record.Task == "t11" ? record with { Error = "no screenshot <here>", Answers = [] } : record));

    private IReadOnlyList<FinishedRun> Runs(RunPlan plan, Func<SampleRecord, SampleRecord> change)
    {
        var folder = new RunFolder(_temp.File("run"));
        folder.Begin(FakeRun.Manifest(plan));
        using (var log = folder.Open(Shard.Whole))
            new Evaluator((task, stop) => change(FakeRun.Answer(task, stop))).Run(FakeRun.Tasks, log);
        return FinishedRun.Read([folder.Path]);
    }

    private static string Entities(string html) => html.Replace("&#160;", "\u00A0", StringComparison.Ordinal);

    private sealed record Tasked(IReadOnlyList<EvalTask> Tasks) : IBenchmark
    {
        public string Name => "fake-v1";
    }
}
