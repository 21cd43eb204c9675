using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Evaluation.Tests.Benchmarks.Published;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>The look before a run saw folders only; the run then failed every task.</summary>
public sealed class DataThatARunCannotUse : IDisposable
{
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    private DataCheck Check(PublishedBenchmark benchmark, string annotations, string images) => DataCheck.Of(benchmark, new BenchmarkOptions(_files.At(annotations), _files.At(images)));

    [Fact]
    [Trait("outside", "2.5")]
    public void Pictures_one_folder_too_deep_are_missing()
    {
        _files.Outside("nested", "n");
        _files.Outside("screen.png", "n/images/screenspotv2_image/00000_0.png");
        Assert.Equal([$"1 row, 1 picture missing, e.g. {_files.At("n/images/00000_0.png")}"], Check(ScreenSpotV2Benchmark.Published, "n", "n/images").Problems);
        Assert.Equal((1, 0), (Check(ScreenSpotV2Benchmark.Published, "n", "n/images/screenspotv2_image").Rows, Check(ScreenSpotV2Benchmark.Published, "n", "n/images/screenspotv2_image").Problems.Count));
    }

    [Fact]
    public void Every_row_is_looked_at_and_a_shared_picture_counts_once()
    {
        _files.Json("annotations/a.json", Enumerable.Range(0, 40).Select(i => new { id = $"{i}", img_filename = $"{i / 2}.png", img_size = new[] { 56, 56 }, bbox = new[] { 1, 1, 9, 9 }, instruction = "go" }));
        _files.Png("images/0.png", 56, 56);
        Assert.Equal([$"40 rows, 19 pictures missing, e.g. {_files.At("images/1.png")}"], Check(ScreenSpotProBenchmark.Published, "annotations", "images").Problems);
    }

    [Fact]
    public void Other_benchmarks_pictures_are_looked_for()
    {
        _files.Text("ac/data/500_steps.json", """[{"episode_id":1,"goal":"go","screenshot":"1/a.png","action":{"action_type":"wait"}}]""");
        Assert.Equal([$"1 row, 1 picture missing, e.g. {_files.At("ac/1/a.png")}"], Check(AndroidControlBenchmark.Published, "ac/data", "ac").Problems);
        _files.Text("anb/s.json", """{"high_level_task_description":"Go","steps":[{"image":"a.png","ground_truth_actions":[{"type":"scroll","params":{}}]}]}""");
        Assert.Equal([$"1 row, 1 picture missing, e.g. {_files.At("anb/images/a.png")}"], Check(AgentNetBenchmark.Published, "anb", "anb/images").Problems);
        _files.Text("m2w/cross_task_blocks.jsonl", """{"annotation_id":"a","task":"go","operation":"CLICK","blocks_path":"a_b"}""");
        Assert.Equal([$"1 row, 1 picture missing, e.g. {_files.At("m2w/images/cross_task/a_b/0.png")}"], Check(Mind2WebBenchmark.Published, "m2w", "m2w/images").Problems);
        _files.Outside("wide-page", "parquet");
        Assert.Empty(Check(Mind2WebBenchmark.Published, "parquet", "parquet").Problems);
    }

    [Fact]
    public void A_file_that_cannot_be_parsed_and_rows_that_cannot_be_read_are_said()
    {
        _files.Outside("boxes/annotations", "annotations");
        _files.Outside("screen.png", "images/vscode_mac/00000_0.png");
        Assert.Contains("cannot be read, e.g. row 0 of vscode_macos.json cannot be read: bbox is missing.", Check(ScreenSpotProBenchmark.Published, "annotations", "images").Problems[0], StringComparison.Ordinal);
        _files.Text("annotations/vscode_macos.json", "[{");
        Assert.Contains("vscode_macos.json is not valid JSON", Assert.Single(Check(ScreenSpotProBenchmark.Published, "annotations", "images").Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_that_are_not_shipped_are_asked_for_before_the_run()
    {
        _files.Text("data/500_steps.json", """[{"episode_id":1,"goal":"go","screenshot":"1/a.png","action":{"action_type":"wait"}}]""");
        _files.Png("1/a.png", 56, 56);
        var options = new BenchmarkOptions(_files.At("data"), _files.Path);
        Assert.Empty(DataCheck.Of(AndroidControlBenchmark.Published, options).Problems);
        Assert.Contains("--prompts", Assert.Single(DataCheck.Of(AndroidControlBenchmark.Published, options with { Profile = Profile.GuiKv }).Problems), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("outside", "2.9")]
    public void Files_without_rows_are_named()
    {
        _files.Outside("empty", "e");
        Directory.CreateDirectory(_files.At("e/images"));
        var message = Assert.Throws<StarKvException>(() => ScreenSpotV2Benchmark.Published.Load(new BenchmarkOptions(_files.At("e"), _files.At("e/images")))).Message;
        Assert.StartsWith("screenspot-v2 has no rows: ", message, StringComparison.Ordinal);
        Assert.All(["mobile", "desktop", "web"], task => Assert.Contains($"screenspot_{task}_v2.json", message, StringComparison.Ordinal));
        Assert.DoesNotContain("filter", message, StringComparison.Ordinal);
        Assert.Equal([message], Check(ScreenSpotV2Benchmark.Published, "e", "e/images").Problems);
        _files.Text("anb/metric.json", "{}");
        Assert.Contains("has no file of them", Assert.Single(Check(AgentNetBenchmark.Published, "anb", "anb").Problems), StringComparison.Ordinal);
    }
}
