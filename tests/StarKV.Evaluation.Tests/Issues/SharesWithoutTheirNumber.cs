using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Progress, tables and paired tests had different denominators, and no share said its own; a run of which a third had failed was headed by a finding.</summary>
public sealed class SharesWithoutTheirNumber : IDisposable
{
    private static readonly RunCache s_tight = new("star-kv", "5%");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Progress_tables_and_pairs_count_the_tasks_that_were_answered()
    {
        var run = Run(4);
        var cell = run.Summary.Cells.Single(c => (c.Method, c.Keep) == (s_tight.Method, s_tight.Keep));
        Assert.Equal((8, 4, 6, 0.75), (cell.N, cell.Errors, cell.Right, cell.Accuracy));
        Assert.All(run.Summary.Cells.Where(c => c != cell), c => Assert.Equal((12, 0), (c.N, c.Errors)));
        Assert.Equal(8, cell.By["kind"].Values.Sum(t => t.N));
        var pairs = PairedTest.Of([(MethodResults.Of("star-kv", run.Samples), MethodResults.Of("snapkv", run.Samples))]);
        Assert.Equal([("5%", 8), ("20%", 12)], pairs.Select(t => (t.Keep, t.N)));
        var tally = new RunTally();
        foreach (var sample in run.Samples.Values)
            tally.Add(sample);
        Assert.Equal(("star-kv", 8 + 12, 6 + 11), tally.Methods.Where(m => m.Key == "star-kv").Select(m => (m.Key, m.Value.Answers, m.Value.Right)).Single());
    }

    [Fact]
    public void Pages_say_each_n_and_name_the_errors_before_any_finding()
    {
        var run = Run(4);
        var (markdown, _) = new ResultsPage([run]).Make("images", "page");
        Assert.Contains("| `star-kv` | 75.0 [40.9, 92.9] (n 8, 4 errors) | 91.7 [64.6, 98.5] |  |", markdown, StringComparison.Ordinal);
        Assert.Contains("12 tasks, 4 with errors; n 12 where a cell does not say otherwise.", markdown, StringComparison.Ordinal);
        Assert.Contains("| 4 protected tokens do not fit into 8. (`t00`) | 1 | 4 of 12 | star-kv 5% |", markdown, StringComparison.Ordinal);
        Assert.Contains("- 4 of 12 tasks have errors (star-kv 5%), more than 1\u00A0%: no cache is named best.", markdown, StringComparison.Ordinal);
        Assert.True(markdown.IndexOf("## Errors", StringComparison.Ordinal) < markdown.IndexOf("## Findings", StringComparison.Ordinal));
        Assert.DoesNotContain("of the cache's bytes", markdown, StringComparison.Ordinal);
        Assert.Contains(" (n 4)", markdown, StringComparison.Ordinal);

        var page = new ReportPage([run]);
        Assert.Null(page.Summary.Answer);
        var html = page.ToHtml();
        Assert.Contains("<h1>4 of 12 tasks have errors (star-kv 5%), more than 1&#160;%: no cache is named best.</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>4 tasks</strong>, star-kv 5%: 4 protected tokens do not fit into 8.", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("id=\"errors\"", StringComparison.Ordinal) < html.IndexOf("id=\"run1\"", StringComparison.Ordinal));
        Assert.Contains("<td class=\"n\">75.0 <small>40.9–92.9</small> <small class=\"no\">n 8, 4 errors</small></td>", html, StringComparison.Ordinal);
        Assert.Contains("<li>t00, star-kv 5%: 4 protected tokens do not fit into 8.</li>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_few_tasks_have_errors_the_finding_stands_and_shares_are_compared()
    {
        var cells = Run(0).Summary.Cells;
        var summary = new RunSummary(FakeRun.Plan, 1000, 10, [], [.. cells.Select(c => c.Keep == "100%" ? c with { N = 1000, Right = 1000 } : c with { N = 990, Errors = 10, Right = c.Method == "snapkv" && c.Keep == "20%" ? 895 : 880 })]);
        Assert.False(summary.ErrorsFirst);
        // 895 of 990 are nine of ten, though 895 of 1,000 are not.
        Assert.Equal(("snapkv", "20%"), Headline.Of(summary) is { } headline ? (headline.Cell.Method, headline.Cell.Keep) : default);
        Assert.StartsWith("Holding", Headline.Of(summary)!.Sentence, StringComparison.Ordinal);
        Assert.True((summary with { Errors = 11 }).ErrorsFirst);
    }

    [Fact]
    public void Errors_are_grouped_by_reason_whatever_names_and_numbers_they_hold()
    {
        SampleRecord[] samples =
        [
            new() { Task = "b", Labels = new Dictionary<string, string>(), Error = "screenshot 'b.png' does not exist." },
            new() { Task = "a", Labels = new Dictionary<string, string>(), Error = "screenshot 'a.png' does not exist." },
            FakeRun.Failing(FakeRun.Tasks[0], s_tight, "4 tokens of 1,024 do not fit."),
        ];
        var reasons = ErrorReason.Of(FakeRun.Plan.Caches, samples);
        Assert.Equal([("screenshot 'a.png' does not exist.", "a", 2, 7), ("4 tokens of 1,024 do not fit.", "t00", 1, 1)], reasons.Select(r => (r.Reason, r.Task, r.Tasks, r.Cells.Count)));
        Assert.Equal(["every cache", "star-kv 5%"], reasons.Select(r => r.Where(7)));
    }

    private FinishedRun Run(int failing)
    {
        var folder = new RunFolder(_temp.File($"{failing}"));
        FakeRun.Go(folder, Shard.Whole, (task, stop) => int.Parse(task.Id[1..]) < failing ? FakeRun.Failing(task, s_tight, $"{4 + int.Parse(task.Id[1..])} protected tokens do not fit into 8.") : FakeRun.Answer(task, stop));
        return FinishedRun.Read([folder.Path])[0];
    }
}
