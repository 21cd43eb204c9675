using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Annotations that differ from good ones in one place: a row is read, or a task of its own says why not, or the file is refused. Reliability F6.</summary>
public sealed class HostileDataFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. s_files.Keys];

    private static readonly Dictionary<string, (PublishedBenchmark Benchmark, string File, string Good)> s_files = new()
    {
        ["screenspot-pro"] = (ScreenSpotProBenchmark.Published, "a.json",
            """[{"id":"a","img_filename":"a.png","img_size":[56,56],"bbox":[1,1,9,9],"instruction":"go","ui_type":"icon","group":"g","application":"x","platform":"linux"}]"""),
        ["screenspot-v2"] = (ScreenSpotV2Benchmark.Published, "screenspot_web_v2.json",
            """[{"img_filename":"a.png","bbox":[1,1,9,9],"instruction":"go","data_type":"icon","data_source":"x"}]"""),
        ["androidcontrol"] = (AndroidControlBenchmark.Published, "500_steps.json",
            """[{"episode_id":1,"goal":"go","screenshot":"1/a.png","accessibility_trees":"x","action":{"action_type":"click","x":1,"y":2},"step_instruction":"tap","previous_actions":["a"]}]"""),
        ["agentnetbench"] = (AgentNetBenchmark.Published, "s.json",
            """{"task_id":"t","high_level_task_description":"Go","steps":[{"image":"a.png","ground_truth_actions":[{"type":"click","params":{"position":{"x":0.5,"y":0.5}},"metadata":{"bboxes":[{"rel_bbox":[0.1,0.1,0.2,0.2]}]}}],"alternative_options":[[{"type":"scroll","params":{"dy":5}}]]}]}"""),
        ["mind2web"] = (Mind2WebBenchmark.Published, "cross_task_blocks.jsonl",
            """{"annotation_id":"a","task":"go","operation":"TYPE","value":"x","bbox":[[1,2,3,4]],"previous_actions":["a"],"total_steps":2,"blocks_path":"a_b","step":1}"""),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_are_read_or_say_why_not(string name)
    {
        var (benchmark, file, good) = s_files[name];
        var options = new BenchmarkOptions(_folder.Path, _folder.Path);
        var count = 0;
        foreach (var json in JsonMutations.Of(good))
        {
            _folder.Write(file, file.EndsWith('l') ? json.ReplaceLineEndings(" ") : json);
            var error = Record.Exception(() =>
            {
                foreach (var task in benchmark.Load(options).Tasks)
                    Open(task);
            });
            Assert.True(error is null or StarKvException, $"{json}: {error}");
            var check = Record.Exception(() => DataCheck.Of(benchmark, options));
            Assert.True(check is null, $"{json}: {check}");
            count++;
        }

        Assert.True(count > 200);
    }

    private static void Open(EvalTask task)
    {
        try
        {
            _ = task.Open();
        }
        catch (StarKvException)
        {
            // No picture is there.
        }
    }
}
