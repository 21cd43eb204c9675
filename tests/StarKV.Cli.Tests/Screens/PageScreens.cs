using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests.Screens;

/// <summary>The words of the pages of <c>inspect</c> and <c>report</c>.</summary>
public sealed class PageScreens : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect()
    {
        var page = _folder.File("page.html");
        var run = await CommandRun.Of("inspect", "--device", "cpu", "--method", "full,star-kv,snapkv", "--keep", "20%", "--out", page);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Snapshot.Check("inspect-page.txt", Kept().Of(PageOutline.Of(PageOutline.MainOf(html))));
    }

    [Fact]
    public async Task Report()
    {
        var page = _folder.File("report.html");
        var line = new[] { "report", Run("tokens", MatchBy.Tokens), Run("bytes", MatchBy.Bytes), "--out", page };
        var scrubber = new Scrubber().Text(_folder.Path, "folder");

        Assert.Equal(ExitCodes.Success, (await Screen.Check("report.txt", scrubber, line)).ExitCode);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Snapshot.Check("report-page.txt", scrubber.Versions().Of(PageOutline.Of(PageOutline.MainOf(html))));
    }

    /// <summary>Times differ from run to run; which rows of a layer are kept may, on other processors, differ in a few.</summary>
    private Scrubber Kept() => new Scrubber().Text(_folder.Path, "folder").Times()
        .Pattern(@"(?<![\w.])\d+(?:\.\d+)? %", "share").Pattern(@"(?<![\w.])\d+\.\d\b", "number");

    /// <summary>A run of 8 tasks with made-up answers on a made-up machine: snapkv is right every other time, the first answer is always wrong.</summary>
    private string Run(string name, MatchBy match)
    {
        var folder = new RunFolder(_folder.File(name));
        var plan = new RunPlan
        {
            Benchmark = MiniGuiManifest.Name,
            Model = "none",
            ModelFingerprint = "0",
            Compute = "cpu float32",
            Tasks = 8,
            Methods = ["full", "star-kv", "snapkv"],
            Keep = ["5%", "20%"],
            Limit = 8,
            Match = match,
        };
        var machine = new RunEnvironment
        {
            Version = "0.0.0",
            Runtime = ".NET",
            Libraries = new Dictionary<string, string> { ["libtorch"] = "2 CPU" },
            System = "Linux",
            Cores = 2,
            Threads = 1,
            Utc = "2026-01-01 00:00:00Z",
        };
        folder.Begin(new RunManifest(plan, new RunSources(RunBenchmark.MiniGui, "none"), machine));
        using var log = folder.Open(Shard.Whole);
        foreach (var (i, task) in new MiniGuiBenchmark().Tasks.Take(plan.Tasks).Index())
        {
            log.Append(new SampleRecord
            {
                Task = task.Id,
                Labels = task.Labels,
                PromptTokens = 100,
                ImageTokens = 90,
                Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15),
                Answers =
                [
                    Answer("full", 100, i > 0), Answer("star-kv", 5, i > 4), Answer("star-kv", 20, i > 0), Answer("snapkv", 5, false), Answer("snapkv", 20, i % 2 == 1),
                ],
            });
        }

        return folder.Path;
    }

    private static AnswerRecord Answer(string method, int percent, bool right) => new(
        method, FormattableString.Invariant($"{percent}%"), right ? Verdict.Right : Verdict.Wrong, "Action: click(start_box='(7,9)')", "click (7,9)", 13,
        percent, percent * 1024, 102_400, 1.5);
}
