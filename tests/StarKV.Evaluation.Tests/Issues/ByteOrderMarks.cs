using System.Text;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Evaluation.Runs;
using StarKV.Evaluation.Tests.Benchmarks.Published;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A file that an editor saved with a byte-order mark was refused, or lost its first row; "Download it again" was said of it.</summary>
[Trait("outside", "2.1")]
public sealed class ByteOrderMarks : IDisposable
{
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Annotations_are_read_as_without_it()
    {
        _files.Outside("bom", "bom");
        var task = Assert.Single(new ScreenSpotV2Benchmark(new BenchmarkOptions(_files.At("bom"), _files.At("bom/images"))).Tasks);
        Assert.Null(task.Fault);
        Assert.Equal("Click the info icon", task.Instruction);
    }

    [Fact]
    public void The_first_line_is_a_row_and_the_broken_one_is_named_by_its_line()
    {
        _files.Outside("bom/cross_task_blocks.jsonl", "samples/cross_task_blocks.jsonl");
        var tasks = new Mind2WebBenchmark(new BenchmarkOptions(_files.At("samples"), _files.Path)).Tasks;
        Assert.Equal([false, false, false, true], tasks.Select(t => t.Fault is not null));
        Assert.StartsWith("line 5 of cross_task_blocks.jsonl cannot be read: it is not valid JSON", tasks[3].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_are_read_as_without_it()
    {
        _files.Outside("bom/prompts.json", "prompts.json");
        Assert.NotNull(PromptSource.Of(_files.At("prompts.json")).Fingerprint);
        Marked("own.json", """{"prompts":[{"id":"mind2web.uitars","text":"Go on"}]}""");
        Assert.Equal("Go on", PromptSource.Of(_files.At("own.json")).Get("mind2web.uitars"));
    }

    [Fact]
    public void A_trajectory_is_no_failed_step()
    {
        Marked("data/s_01.json", """{"high_level_task_description":"Go","steps":[{"image":"a.png","ground_truth_actions":[{"type":"scroll","params":{}}]}]}""");
        var task = Assert.Single(new AgentNetBenchmark(new BenchmarkOptions(_files.At("data"), _files.Path)).Tasks);
        Assert.Null(task.Fault);
        Assert.Equal("scroll", task.Labels["action"]);
    }

    [Fact]
    public void The_local_file_of_paths_is_read()
    {
        Marked("starkv.local.json", """{"model":"/models/m"}""");
        Assert.Equal("/models/m", RunPaths.Model(null, _ => null, _files.At("starkv.local.json")));
    }

    [Fact]
    public void A_list_of_tasks_and_a_run_are_read()
    {
        var task = MiniGuiManifest.Load()[0];
        Marked("tasks.json", Encoding.UTF8.GetString(MiniGuiManifest.Bytes([task])));
        Assert.Equal(task.Id, Assert.Single(MiniGuiManifest.Read(_files.At("tasks.json"))).Id);
        var run = new RunFolder(_files.At("run"));
        FakeRun.Go(run, Shard.Whole);
        foreach (var name in new[] { "run.json", Shard.Whole.FileName })
            Marked($"run/{name}", File.ReadAllText(_files.At($"run/{name}")));
        Assert.Equal((FakeRun.Plan.Benchmark, FakeRun.Tasks.Count), (run.Plan().Benchmark, run.Samples().Count));
    }

    [Fact]
    public void An_edited_file_is_not_told_to_be_downloaded_again()
    {
        _files.Outside("bom", "bom");
        _files.Text("bom/screenspot_mobile_v2.json", "[{\"img_filename\": ]");
        var message = Assert.Throws<StarKvException>(() => new ScreenSpotV2Benchmark(new BenchmarkOptions(_files.At("bom"), _files.Path))).Message;
        Assert.Contains("screenspot_mobile_v2.json is not valid JSON", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ownload", message, StringComparison.Ordinal);
        File.WriteAllText(_files.At("bom/screenspot_mobile_v2.json"), "[]", Encoding.Unicode);
        Assert.Contains("is not UTF-8 text", Assert.Throws<StarKvException>(() => new ScreenSpotV2Benchmark(new BenchmarkOptions(_files.At("bom"), _files.Path))).Message, StringComparison.Ordinal);
    }

    private void Marked(string path, string text) => _files.Text(path, $"\uFEFF{text}");
}
