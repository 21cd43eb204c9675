using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests;

/// <summary>A run of 8 tasks with made-up answers: the first task, a click, is answered wrongly by every cache; snapkv is right every other time.</summary>
internal static class MadeUpRun
{
    /// <summary>A machine that is always the same in a page's text.</summary>
    public static RunEnvironment Machine { get; } = new()
    {
        Version = "0.0.0",
        Runtime = ".NET",
        Libraries = new Dictionary<string, string> { ["libtorch"] = "2 CPU" },
        System = "Linux",
        Cores = 2,
        Threads = 1,
        Utc = "2026-01-01 00:00:00Z",
    };

    /// <summary>Writes it.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="match">What budgets are matched by.</param>
    /// <param name="machine">Where it is said to have been made; null (default) for this machine.</param>
    /// <returns>The folder.</returns>
    public static string Write(string path, MatchBy match = MatchBy.Tokens, RunEnvironment? machine = null)
    {
        var folder = new RunFolder(path);
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
        folder.Begin(new RunManifest(plan, new RunSources(RunBenchmark.MiniGui, "none"), machine ?? RunEnvironment.Now()));
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
