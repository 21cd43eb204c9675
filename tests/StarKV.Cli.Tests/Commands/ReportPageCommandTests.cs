using System.Text.RegularExpressions;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests.Commands;

/// <summary><c>starkv report</c> on runs of MiniGui-Bench with made-up answers: what a browser shows of the page.</summary>
public sealed class ReportPageCommandTests(Chromium browser) : IDisposable
{
    private static readonly RunPlan s_plan = new()
    {
        Benchmark = MiniGuiManifest.Name,
        Model = "none",
        ModelFingerprint = "0",
        Compute = "cpu float32",
        Tasks = 8,
        Methods = ["full", "star-kv", "snapkv"],
        Keep = ["5%", "20%"],
        Limit = 8,
    };

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_browser_opens_it_without_a_complaint_and_holds_the_key_figures()
    {
        var page = await Report(Write("tokens", s_plan), Write("bytes", s_plan with { Match = MatchBy.Bytes }));
        var opened = browser.Open(page);
        Assert.Empty(opened.Console);
        Assert.Contains("<h1>Holding 20.0&nbsp;% of the cache's bytes, star-kv gives 87.5&nbsp;% right answers; the full cache gives 87.5&nbsp;%.</h1>", opened.Dom, StringComparison.Ordinal);
        Assert.Equal(8, Regex.Count(opened.Dom, "full cache 87.5 %"));
        Assert.Contains("Paired tests at matched budget", opened.Dom, StringComparison.Ordinal);
        Assert.Contains("Paired tests at matched bytes", opened.Dom, StringComparison.Ordinal);
        Assert.DoesNotContain("None of the runs", opened.Dom, StringComparison.Ordinal);
        // One failure in each run, drawn again from its seed.
        Assert.Equal(2, Regex.Count(opened.Dom, "<img [^>]*src=\"data:image/png;base64,"));
        Assert.DoesNotContain("No picture", opened.Dom, StringComparison.Ordinal);
        Assert.DoesNotContain("http", Regex.Replace(await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), "http://www.w3.org/2000/svg|http-equiv", ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(500)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        var html = await File.ReadAllTextAsync(await Report(Write("tokens", s_plan)), TestContext.Current.CancellationToken);
        var script = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}; ${[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, svg') && e.getBoundingClientRect().right > innerWidth + 1).length}`;";
        var scripted = _temp.Write("scripted.html", Regex.Replace(html, "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "").Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal));
        Assert.Contains($"<title>{width} of {width}; 0</title>", browser.Open(scripted, width).Dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused()
    {
        var run = Write("tokens", s_plan);
        (await CommandRun.Of("report", run, "--out", Path.Combine(run, "report.html"))).Refused("is in the folder of a run", "another folder");
        (await CommandRun.Of("report", run, "--failures", "0")).Refused("--failures is 0", "1 to 200");
        (await CommandRun.Of("report", _temp.Path)).Refused("holds no run");
    }

    private async Task<string> Report(params string[] runs)
    {
        var page = _temp.File("report.html");
        var made = await CommandRun.Of(["report", .. runs, "--out", page]);
        Assert.Equal((ExitCodes.Success, ""), (made.ExitCode, made.Error));
        return page;
    }

    /// <summary>A run in which the first task, a click, is answered wrongly by every cache; snapkv is right every other time.</summary>
    private string Write(string name, RunPlan plan)
    {
        var folder = new RunFolder(_temp.File(name));
        folder.Begin(new RunManifest(plan, new RunSources(RunBenchmark.MiniGui, "none"), RunEnvironment.Now()));
        using var log = folder.Open(Shard.Whole);
        foreach (var (i, task) in new MiniGuiBenchmark().Tasks.Take(plan.Tasks).Index())
            log.Append(new SampleRecord
            {
                Task = task.Id,
                Labels = task.Labels,
                PromptTokens = 100,
                ImageTokens = 90,
                Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15),
                Answers = [Answer("full", 100, i > 0), Answer("star-kv", 5, i > 4), Answer("star-kv", 20, i > 0), Answer("snapkv", 5, false), Answer("snapkv", 20, i % 2 == 1)],
            });
        return folder.Path;
    }

    private static AnswerRecord Answer(string method, int percent, bool right) => new(
        method, $"{percent}%", right ? Verdict.Right : Verdict.Wrong, "Action: click(start_box='(7,9)')", "click (7,9)", 13, percent, percent * 1024, 102_400, 1.5);
}
