using System.Text.Json;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A run of which no task could be run had no cells: its page ended in an internal error, and its repetition was called the same answer.</summary>
public sealed class RunOfErrorsAlone : IDisposable
{
    private readonly TempFolder _temp = new();

    public RunOfErrorsAlone()
    {
        foreach (var name in new[] { "run", "other" })
        {
            Directory.CreateDirectory(_temp.File(name));
            foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", "all-errors")))
                File.Copy(file, Path.Combine(_temp.File(name), Path.GetFileName(file)));
        }
    }

    private RunFolder Folder => new(_temp.File("run"));

    public void Dispose() => _temp.Dispose();

    [Fact]
    [Trait("outside", "2.3")]
    public void Its_pages_have_every_cache_of_the_plan()
    {
        var run = FinishedRun.Read([Folder.Path])[0];
        Assert.Equal([("full", "100%", 0, 1), ("star-kv", "20%", 0, 1)], run.Summary.Cells.Select(c => (c.Method, c.Keep, c.N, c.Errors)));
        var (markdown, _) = new ResultsPage([run]).Make("images", "page");
        Assert.Contains("1 task, 1 with errors; n 0 where a cell does not say otherwise.", markdown, StringComparison.Ordinal);
        Assert.Contains("| `full` |  | – (n 0, 1 error) |\n| `star-kv` | – (n 0, 1 error) |  |", markdown, StringComparison.Ordinal);
        Assert.Contains("screenshot 'data/ss2-nested/images/00000_0.png' does not exist. (`mobile-0000`) | 1 | 1 of 1 | every cache |", markdown, StringComparison.Ordinal);
        Assert.Contains("screenspot-v2/strict: no task could be run, 1 of 1 have errors.", markdown, StringComparison.Ordinal);
        var page = new ReportPage([run]);
        Assert.Contains("<h1>screenspot-v2/strict: no task could be run, 1 of 1 have errors.</h1>", page.ToHtml(), StringComparison.Ordinal);
        Assert.Equal(2, JsonSerializer.SerializeToElement(page.Summary, RunJson.Line).GetProperty("runs")[0].GetProperty("summary").GetProperty("cells").GetArrayLength());
    }

    [Fact]
    [Trait("outside", "2.3")]
    public void It_does_not_keep_another_run_from_its_page()
    {
        var folder = new RunFolder(_temp.File("fake"));
        folder.Begin(FakeRun.Manifest(Folder.Plan() with { Tasks = 12, Methods = FakeRun.Plan.Methods, Keep = FakeRun.Plan.Keep }));
        using (var log = folder.Open(Shard.Whole))
            new Evaluator(FakeRun.Answer).Run(FakeRun.Tasks, log);
        var runs = FinishedRun.Read([folder.Path, Folder.Path]);
        var (markdown, _) = new ResultsPage(runs).Make("images", "page");
        Assert.Contains("## Run 2", markdown, StringComparison.Ordinal);
        Assert.Contains("Holding", markdown, StringComparison.Ordinal);
        Assert.Contains("id=\"run2\"", new ReportPage(runs).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("outside", "2.3")]
    public void Its_metrics_and_released_files_have_every_cache_of_the_plan()
    {
        using var data = new TempFolder();
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", "nested")))
            File.Copy(file, data.File(Path.GetFileName(file)));
        var benchmark = new ScreenSpotV2Benchmark(new BenchmarkOptions(data.Path, data.Path));
        var metrics = PublishedMetrics.Write(benchmark, Folder, Folder.Plan(), Folder.Samples());
        Assert.Equal([("full", 0, 1), ("star-kv", 0, 1)], metrics["cells"]!.AsArray().Select(c => ((string)c!["method"]!, (int)c["num_samples_evaluated"]!, (int)c["errors"]!)));
        Assert.Equal(1, (int)metrics["reasons"]![0]!["tasks"]!);
        var released = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Path, "released", "star-kv@20%", "summary_results.json"))).RootElement;
        Assert.Equal(0, released.GetProperty("total_samples").GetInt32());
    }

    [Fact]
    [Trait("outside", "2.3")]
    public void Two_errors_are_not_the_same_answer()
    {
        var comparison = RunComparison.Of(Folder, new RunFolder(_temp.File("other")));
        Assert.Equal((1, 0, 1, false), (comparison.Compared, comparison.Same, comparison.Failed, comparison.IsSame));
        Assert.Empty(comparison.Tasks);
    }

    [Fact]
    public void Where_a_part_failed_in_both_the_rest_is_compared()
    {
        var cache = new RunCache("star-kv", "5%");
        var (first, second) = (new RunFolder(_temp.File("a")), new RunFolder(_temp.File("b")));
        FakeRun.Go(first, Shard.Whole, (task, stop) => Answer(task, "'here.png' is gone."));
        FakeRun.Go(second, Shard.Whole, (task, stop) => Answer(task, "'there.png' is gone."));
        var comparison = RunComparison.Of(first, second);
        Assert.Equal((12, 9, 1, 2, true), (comparison.Compared, comparison.Same, comparison.Failed, comparison.PartlyFailed, comparison.IsSame));
        // What fails in one of them only is a difference.
        FakeRun.Go(second, Shard.Whole);
        comparison = RunComparison.Of(first, second);
        Assert.Equal((12, 9, 0, 0, false), (comparison.Compared, comparison.Same, comparison.Failed, comparison.PartlyFailed, comparison.IsSame));
        Assert.Equal(
            [("t01", "", "'here.png' is gone.", "none"), ("t02", "star-kv 5%", "does not fit", "none"), ("t03", "star-kv 5%", "does not fit", "none")],
            comparison.Tasks.Select(t => (t.Task, t.Cache, t.What.First, t.What.Second)));

        SampleRecord Answer(EvalTask task, string error) => task.Id switch
        {
            "t01" => throw new StarKvException(error),
            "t02" or "t03" => FakeRun.Failing(task, cache, "does not fit"),
            _ => FakeRun.Answer(task),
        };
    }
}
