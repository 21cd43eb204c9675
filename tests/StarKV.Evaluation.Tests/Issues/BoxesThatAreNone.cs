using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Evaluation.Tests.Benchmarks.Published;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A row whose box no answer can hit was counted as answered wrongly, without a word.</summary>
[Trait("outside", "2.10")]
public sealed class BoxesThatAreNone : IDisposable
{
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void ScreenSpot_Pro_rows_are_errors_that_name_the_field()
    {
        _files.Outside("boxes/annotations", "annotations");
        var faults = Pro().Select(t => t.Fault).ToList();
        Assert.Equal("row 0 of vscode_macos.json cannot be read: bbox is missing.", faults[0]);
        Assert.Equal("row 1 of vscode_macos.json cannot be read: img_size is [ 0, 0 ]; a width and a height above 0 is expected.", faults[1]);
        Assert.Null(faults[2]);
        Assert.Null(faults[3]);
        Assert.Contains("bbox is [", faults[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10,10,10,20", false)]
    [InlineData("10,20,20,10", false)]
    [InlineData("-30,-30,-1,-1", false)]
    [InlineData("100,0,120,20", false)]
    [InlineData("1e999,10,1e999,20", false)]
    // Real boxes touch edges, stick out by a pixel, have fractions, or are given for a picture twice as large.
    [InlineData("0,0,100,50", true)]
    [InlineData("99.5,49.5,100,50", true)]
    [InlineData("-1,-1,20,20", true)]
    [InlineData("90,40,101,51", true)]
    public void A_box_has_an_area_that_lies_in_the_picture(string box, bool isOne)
    {
        _files.Text("annotations/a.json", $$"""[{"id":"a","img_filename":"a.png","img_size":[100,50],"bbox":[{{box}}],"instruction":"go"}]""");
        _files.Png("images/a.png", 50, 25);
        var task = Assert.Single(Pro());
        Assert.Equal(isOne, task.Fault is null);
        if (isOne)
            Assert.Single(task.Open().Screens);
    }

    [Theory]
    [InlineData("10,10,0,20", "row 0 of screenspot_web_v2.json cannot be read: bbox is [10,10,0,20]; x, y, width, height with an area is expected.")]
    [InlineData("10,10,20,-5", "bbox is [10,10,20,-5]")]
    [InlineData("56,10,20,20", "row 0 of screenspot_web_v2.json: its bbox lies outside of")]
    [InlineData("55,36,20,20", null)]
    [InlineData("0,0,56,56", null)]
    public void ScreenSpot_v2_boxes_are_checked_with_their_picture(string box, string? error)
    {
        foreach (var task in new[] { "mobile", "desktop" })
            _files.Text($"annotations/screenspot_{task}_v2.json", "[]");
        _files.Text("annotations/screenspot_web_v2.json", $$"""[{"img_filename":"a.png","bbox":[{{box}}],"instruction":"go"}]""");
        _files.Png("images/a.png", 56, 56);
        var row = Assert.Single(new ScreenSpotV2Benchmark(new BenchmarkOptions(_files.At("annotations"), _files.At("images"))).Tasks);
        if (error is null)
            Assert.Single(row.Open().Screens);
        else
            Assert.Contains(error, Assert.Throws<StarKvException>(row.Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[10,10,-5,20]]", "bbox is [[10,10,-5,20]]; a list of boxes [x, y, width, height] with an area is expected")]
    [InlineData("[[10,10,20]]", "bbox[0] is [10,10,20]; a list of 4 numbers is expected")]
    [InlineData("[[10,10,20,1e999]]", "bbox[0] is")]
    [InlineData("7", "bbox is 7; a list is expected")]
    // Published rows have no box, or one beside a good one that is not shown.
    [InlineData("[]", null)]
    [InlineData("[[-1,-1,-1,-1]]", null)]
    [InlineData("[[10,10,20,20],[-9999,0,10,10]]", null)]
    public void Mind2Web_boxes_are_checked_in_both_forms(string boxes, string? error)
    {
        _files.Text("samples/cross_task_blocks.jsonl", $$"""{"annotation_id":"a","task":"go","operation":"CLICK","bbox":{{boxes}},"blocks_path":"a_b","target_blocks":{"0":{{boxes}} } }""");
        var fault = Assert.Single(new Mind2WebBenchmark(new BenchmarkOptions(_files.At("samples"), _files.Path)).Tasks).Fault;
        if (error is null)
            Assert.Null(fault);
        else
            Assert.Contains($"line 1 of cross_task_blocks.jsonl cannot be read: {error}", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1,0.1,0.2,0", "ground_truth_actions[0].metadata.bboxes[0].rel_bbox is [0.1,0.1,0.2,0]; x, y, width, height of a box in shares of the screen is expected")]
    [InlineData("1.1,0.1,0.2,0.2", "rel_bbox is [1.1,0.1,0.2,0.2]")]
    [InlineData("0.1,0.1", "rel_bbox is [0.1,0.1]; a list of 4 numbers is expected")]
    [InlineData("0.9,0.9,0.1,0.1", null)]
    public void AgentNetBench_boxes_are_checked(string box, string? error)
    {
        _files.Text("data/s.json", $$$"""{"high_level_task_description":"Go","steps":[{"image":"a.png","ground_truth_actions":[{"type":"click","params":{"position":{"x":0.2,"y":0.2}},"metadata":{"bboxes":[{"rel_bbox":[{{{box}}}]}]}}]}]}""");
        var fault = Assert.Single(new AgentNetBenchmark(new BenchmarkOptions(_files.At("data"), _files.Path)).Tasks).Fault;
        if (error is null)
            Assert.Null(fault);
        else
            Assert.Contains(error, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "accessibility_tree[0].bbox_pixels is missing")]
    [InlineData("""{"x_min":0,"y_min":0,"x_max":10}""", "accessibility_tree[0].bbox_pixels.y_max is missing")]
    [InlineData("""{"x_min":0,"y_min":0,"x_max":1e999,"y_max":10}""", "bbox_pixels.x_max is 1e999; a number is expected")]
    // Android gives what was scrolled away inverted boxes.
    [InlineData("""{"x_min":0,"y_min":90,"x_max":10,"y_max":80}""", null)]
    public void AndroidControl_nodes_have_boxes(string box, string? error)
    {
        _files.Text("data/500_steps.json", $$"""[{"episode_id":1,"goal":"go","screenshot":"1/a.png","action":{"action_type":"click","x":5,"y":85},"accessibility_tree":[{"text":null,"bbox_pixels":{{box}}}]}]""");
        var fault = Assert.Single(new AndroidControlBenchmark(new BenchmarkOptions(_files.At("data"), _files.Path)).Tasks).Fault;
        if (error is null)
            Assert.Null(fault);
        else
            Assert.Contains(error, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_no_objects_are_errors_too()
    {
        _files.Text("annotations/a.json", """[5, null, "row"]""");
        Assert.Equal(["5", "null", "\"row\""], Pro().Select(t => t.Fault!.Split("cannot be read: it is ")[1].Split(';')[0]));
    }

    [Fact]
    public void Half_a_surrogate_pair_spoils_its_row_only()
    {
        const string Row = """{"id":"a","img_filename":"a.png","img_size":[9,9],"bbox":[1,1,5,5],"instruction":"x"}""";
        _files.Text("annotations/a.json", $"[{Row},{Row.Replace("\"x\"", "\"\\ud83d\"", StringComparison.Ordinal)},{Row.Replace("\"a\"", "\"\\ud83d\"", StringComparison.Ordinal)}]");
        Assert.Equal([false, true, false], Pro().Select(t => t.Fault is not null));
    }

    private IReadOnlyList<EvalTask> Pro() => new ScreenSpotProBenchmark(new BenchmarkOptions(_files.At("annotations"), _files.At("images"))).Tasks;
}
