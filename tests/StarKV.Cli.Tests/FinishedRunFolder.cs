using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests;

/// <summary>The folder of a run with one task, made without a model.</summary>
internal static class FinishedRunFolder
{
    public static string Make(string path)
    {
        var folder = new RunFolder(path);
        var plan = new RunPlan
        {
            Benchmark = MiniGuiManifest.Name,
            Model = "none",
            ModelFingerprint = "0",
            Compute = "cpu float32",
            Tasks = 1,
            Methods = ["full", "snapkv"],
            Keep = ["10%", "20%"],
        };
        folder.Begin(new RunManifest(plan, new RunSources(RunBenchmark.MiniGui, "none"), RunEnvironment.Now()));
        using var log = folder.Open(Shard.Whole);
        var task = new MiniGuiBenchmark().Tasks[0];
        log.Append(new SampleRecord
        {
            Task = task.Id,
            Labels = task.Labels,
            PromptTokens = 100,
            ImageTokens = 90,
            Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15),
            Answers = [Cell("full", "100%"), Cell("snapkv", "10%"), Cell("snapkv", "20%")],
        });
        return folder.Path;

        static AnswerRecord Cell(string method, string keep) => new(method, keep, Verdict.Right, "x", null, 1, 100, 1024, 1024, 0);
    }
}
