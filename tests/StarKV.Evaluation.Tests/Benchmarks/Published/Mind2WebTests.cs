using System.Text.Json;
using Parquet.Serialization;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Metrics;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

public sealed class Mind2WebTests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private const int Width = 336, Height = 280;
    private readonly Fixture _files = Files();

    public void Dispose() => _files.Dispose();

    private static Fixture Files()
    {
        var files = new Fixture();
        // The target stands 224 px below the top of block 1; blocks overlap by a fifth.
        string Row(string task, int step, string operation, string value, int block) => JsonSerializer.Serialize(new
        {
            annotation_id = task,
            action_uid = $"u{step}",
            task = "Find a flight",
            website = "air",
            operation,
            value,
            bbox = new[] { new[] { 20.5, 30 + 224 * block, 60, 20 } },
            previous_actions = new[] { "[tab]  One way -> CLICK" },
            step,
            total_steps = 2,
            split = "task",
            blocks_path = $"{task}_u{step}",
            target_blocks = new Dictionary<string, double[][]> { [$"{block}"] = [[20.5, 30, 60, 20]] },
        });
        files.Text("data/samples/cross_task_blocks.jsonl", $"{Row("a1", 0, "CLICK", "", 0)}\n{Row("a1", 1, "TYPE", "Oslo", 1)}\nno json\n");
        files.Text("data/samples/cross_domain_blocks.jsonl", $"{Row("b1", 0, "SELECT", "Two", 0)}\n{Row("b2", 0, "CLICK", "", 0)}\n");
        foreach (var page in new[] { "cross_task/a1_u0", "cross_task/a1_u1", "cross_domain/b1_u0" })
        {
            files.Png($"release_images/{page}/0.png", Width, Height);
            files.Png($"release_images/{page}/1.png", Width, Height, x: 30);
        }

        return files;
    }

    private Mind2WebBenchmark Open(Profile profile = Profile.Strict) => new(new BenchmarkOptions(_files.At("data/samples"), _files.At("release_images")) { Profile = profile });

    private static Judgement Judge(EvalTask task, string call) => task.Judge(Answer(call));

    private static GroundingAnswer Answer(string call) => Answers.Of($"Thought: a\nAction: {call}", Width, Height);

    [Fact]
    public void The_shipped_model_runs_the_splits_that_are_there()
    {
        var benchmark = Open();
        Assert.Equal("domain task", benchmark.Settings["splits"]);
        var (samples, cells) = mini.Of(benchmark, _files.At("run"));
        Assert.Equal(["domain-0001", "task-0002"], samples.Values.Where(s => s.Error is not null).Select(s => s.Task).Order());
        Assert.Contains("line 3 of cross_task_blocks.jsonl cannot be read", samples["task-0002"].Error, StringComparison.Ordinal);
        Assert.All(cells, c => Assert.Equal(["domain", "task"], c!["metrics"]!["task_breakdown"]!.AsArray().Select(s => (string)s!["task"]!)));
    }

    [Fact]
    public void A_scroll_shows_the_next_block_and_is_noted()
    {
        var task = Open().Tasks[3];
        Assert.Equal(Verdict.Wrong, Judge(task, "type(start_box='(50,40)', content='Oslo')").Verdict);
        var below = task.Next!(Answer("scroll(start_box='(50,40)', direction='down')"))!;
        Assert.NotEqual(task.Id, below.Id);
        Assert.Equal(Verdict.Right, Judge(below, "type(start_box='(50,40)', content='Oslo')").Verdict);
        Assert.Null(below.Next!(Answer("click(start_box='(50,40)')")));
        var text = ((TextPart)below.Open().Conversation!([MergedGrid.OfPixels(Width, Height)], [])[^1].Parts[1]).Text;
        Assert.Contains("[tab]  One way -> CLICK\nScroll down.", text, StringComparison.Ordinal);
        // There is no third block; and after five rounds a scroll stands as the answer.
        var last = below;
        for (var round = 3; round <= 5; round++)
            last = last.Next!(Answer("scroll(start_box='(50,40)', direction='down')"))!;
        Assert.Equal(1, Judge(last, "scroll(start_box='(50,40)', direction='down')").Measures!["block"]);
        Assert.Null(last.Next!(Answer("scroll(start_box='(50,40)', direction='down')")));
    }

    [Fact]
    public void Released_rules_compare_blocks_with_pages()
    {
        // The target's row on the page, 254 to 274, is not where it stands on the second block.
        var below = Open(Profile.GuiKv).Tasks[3].Next!(Answer("scroll(start_box='(50,40)', direction='down')"))!;
        Assert.Equal(0, Judge(below, "click(start_box='(50,40)')").Measures!["element"]);
        Assert.Equal(1, Judge(below, "click(start_box='(50,260)')").Measures!["element"]);
        var typed = Judge(below, "type(content='Oslo')");
        Assert.Equal((Verdict.Wrong, 1.0, 0.0), (typed.Verdict, typed.Measures!["f1"], typed.Measures["element"]));
        Assert.Equal(Verdict.Unreadable, Judge(below, "hotkey(key='enter')").Verdict);
        Assert.Equal(Verdict.Right, Judge(Open(Profile.GuiKv).Tasks[0], "select(start_box='(50,40)', content='two')").Verdict);
    }

    [Fact]
    public void Means_are_taken_within_tasks_then_over_them()
    {
        WebStep[] steps = [new("domain", "a", 2, 1, 1, 1), new("domain", "b", 1, 1, 0.5, 0), new("task", "c", 1, 1, 1, 1)];
        var strict = Mind2WebMetrics.Of(steps, cumulative: false);
        Assert.Equal((0.75, 0.5, 0.25, 2), (strict.TaskBreakdown[0].ElementAccuracy, strict.TaskBreakdown[0].OperationF1, strict.TaskBreakdown[0].StepAccuracy, strict.TaskBreakdown[0].TotalTasks));
        Assert.Equal((1.0, 3, 0.625), (strict.TaskBreakdown[1].StepAccuracy, strict.TotalTasks, strict.OverallStepAccuracy));
        Assert.Equal(1, strict.TaskBreakdown[0].ErrorRatio["1"]);
        var released = Mind2WebMetrics.Of(steps, cumulative: true);
        Assert.Equal((0.5, 3, 5), (released.TaskBreakdown[1].StepAccuracy, released.TaskBreakdown[1].TotalTasks, released.TotalTasks));
    }

    [Fact]
    public async Task Parquet_files_of_the_original_data_set_are_cut_into_blocks()
    {
        ParquetRow Row(string uid, string candidate, int step) => new()
        {
            annotation_id = "a1",
            action_uid = uid,
            confirmed_task = "Find a flight",
            operation = """{"original_op":"CLICK","value":"","op":"CLICK"}""",
            pos_candidates = candidate.Length > 0 ? [candidate] : [],
            action_reprs = ["[tab]  One way -> CLICK", "[link]  Oslo -> CLICK", "[button]  Go -> CLICK"],
            target_action_index = $"{step}",
            screenshot = new ParquetPicture { bytes = Fixture.Picture(Width, 1900), path = "" },
        };
        var folder = Directory.CreateDirectory(_files.At("parquet")).FullName;
        ParquetRow[] rows = [Row("u0", """{"attributes":"{\"bounding_box_rect\":\"20.5,1230,60,20\"}"}""", 1), Row("u1", "", 2), Row("u2", "no json", 0)];
        await ParquetSerializer.SerializeAsync(rows, Path.Combine(folder, "test_task-00000-of-00001.parquet"), cancellationToken: TestContext.Current.CancellationToken);
        var benchmark = new Mind2WebBenchmark(new BenchmarkOptions(folder, folder));
        Assert.Equal(("task", 3), (benchmark.Settings["splits"], benchmark.Tasks.Count));
        Assert.StartsWith("test_task-00000-of-00001.parquet:", benchmark.Settings["parquet"], StringComparison.Ordinal);
        var task = benchmark.Tasks[0];
        var top = task.Open();
        Assert.Equal((Width, 1000), (top.Screens[0].Width, top.Screens[0].Height));
        Assert.Contains("[tab]  One way -> CLICK\n", ((TextPart)top.Conversation!([MergedGrid.OfPixels(Width, 1008)], [])[^1].Parts[1]).Text + "\n", StringComparison.Ordinal);
        // The target stands 430 px below the top of block 1; block 2 has what is left of the page.
        var down = Answers.Of("Action: scroll(start_box='(50,40)', direction='down')", Width, 1000);
        var below = task.Next!(down)!;
        Assert.Equal(1, below.Judge(Answers.Of("Action: click(start_box='(50,440)')", Width, 1000)).Measures!["element"]);
        Assert.Equal(300, below.Next!(down)!.Open().Screens[0].Height);
        Assert.Contains("not valid JSON", Assert.Throws<StarKvException>(() => benchmark.Tasks[2].Open()).Message, StringComparison.Ordinal);
        Assert.Empty(new DataFolders(folder, null, "--data", "").Missing(Mind2WebBenchmark.Published.Layout));
        File.WriteAllText(Path.Combine(folder, "test_website-0.parquet"), "PAR1 no");
        Assert.Contains("test_website-0.parquet cannot be read", Assert.Throws<StarKvException>(() => new Mind2WebBenchmark(new BenchmarkOptions(folder, folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_no_profile_starkv() =>
        Assert.Contains("has no profile starkv", Assert.Throws<StarKvException>(() => Mind2WebBenchmark.Published.Load(new BenchmarkOptions("", "") { Profile = Profile.StarKv })).Message, StringComparison.Ordinal);

    // Members are named as the columns are.
#pragma warning disable IDE1006, CA1002, CA1819
    private sealed class ParquetPicture
    {
        public byte[]? bytes { get; set; }

        public string? path { get; set; }
    }

    private sealed class ParquetRow
    {
        public string? annotation_id { get; set; }

        public string? action_uid { get; set; }

        public string? confirmed_task { get; set; }

        public string? operation { get; set; }

        public List<string>? pos_candidates { get; set; }

        public List<string>? action_reprs { get; set; }

        public string? target_action_index { get; set; }

        public ParquetPicture? screenshot { get; set; }
    }
#pragma warning restore
}
