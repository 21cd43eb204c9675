using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Tests.Benchmarks.Published;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>The <c>._NAME</c> that a Mac leaves beside every file was read as annotations.</summary>
[Trait("outside", "2.2")]
public sealed class HiddenFiles : IDisposable
{
    private const string Trajectory = """{"high_level_task_description":"Go","steps":[{"image":"a.png","ground_truth_actions":[{"type":"scroll","params":{}}]}]}""";
    private readonly Fixture _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void ScreenSpot_Pro_has_the_rows_of_the_other_file_and_their_fingerprint()
    {
        _files.Outside("appledouble/pro/annotations", "annotations");
        Assert.True(File.Exists(_files.At("annotations/._vscode_macos.json")));
        var with = Open();
        Assert.Equal((2, 1), (with.Tasks.Count, with.Files.Count));
        Assert.All(with.Tasks, t => Assert.Null(t.Fault));
        File.Delete(_files.At("annotations/._vscode_macos.json"));
        Assert.Equal(Open().Settings["data"], with.Settings["data"]);

        ScreenSpotProBenchmark Open() => new(new BenchmarkOptions(_files.At("annotations"), _files.At("images")));
    }

    [Fact]
    public void AgentNetBench_has_no_wrong_step_more()
    {
        _files.Text("data/s_01.json", Trajectory);
        var without = Open();
        _files.Outside("appledouble/pro/annotations/._vscode_macos.json", "data/._s_01.json");
        Assert.Equal(["s_01/01"], Open().Tasks.Select(t => t.Id));
        Assert.Equal(without.Settings["data"], Open().Settings["data"]);

        AgentNetBenchmark Open() => new(new BenchmarkOptions(_files.At("data"), _files.At("data")));
    }

    [Theory]
    [InlineData("metric.json", """{"average_score": 0.5, "steps": 3}""")]
    [InlineData("hyperparams.json", """{"max_tokens": 1000}""")]
    [InlineData("notes.json", """{"of": "s_01"}""")]
    [InlineData("ids.json", """["s_01"]""")]
    [InlineData("mapping_of_ids.json", """{"steps": []}""")]
    public void What_has_no_steps_or_is_the_benchmark_s_own_output_is_no_trajectory(string name, string content)
    {
        _files.Text("data/s_01.json", Trajectory);
        _files.Text($"data/{name}", content);
        var benchmark = new AgentNetBenchmark(new BenchmarkOptions(_files.At("data"), _files.At("data")));
        Assert.Equal(["s_01/01"], benchmark.Tasks.Select(t => t.Id));
        Assert.Equal([_files.At("data/s_01.json")], benchmark.Files);
    }

    [Fact]
    public void Mind2Web_takes_no_hidden_parquet_file()
    {
        _files.Outside("wide-page", "data");
        _files.Outside("appledouble/pro/annotations/._vscode_macos.json", "data/._test_task-00000-of-00001.parquet");
        _files.Outside("appledouble/pro/annotations/._vscode_macos.json", "data/.test_task.parquet");
        var benchmark = new Mind2WebBenchmark(new BenchmarkOptions(_files.At("data"), _files.At("data")));
        Assert.Single(benchmark.Files);
        Assert.DoesNotContain("._", benchmark.Settings["parquet"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_hidden_files_alone_is_missing_its_files()
    {
        _files.Outside("appledouble/pro/annotations/._vscode_macos.json", "annotations/._vscode_macos.json");
        Directory.CreateDirectory(_files.At("images"));
        var missing = new DataFolders(_files.At("annotations"), _files.At("images"), "--data", "--data").Missing(ScreenSpotProBenchmark.Published.Layout);
        Assert.Equal([$"{_files.At("annotations")} has no *.json"], missing);
    }
}
