using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests;

/// <summary>A run without a model: verdicts follow from the task's number, so every answer is known.</summary>
internal static class FakeRun
{
    public static RunPlan Plan { get; } = new()
    {
        Benchmark = "fake-v1",
        Model = "none",
        ModelFingerprint = "0",
        Compute = "cpu float32",
        Tasks = 12,
        Methods = ["full", "star-kv", "snapkv", "star-kv:temporal=off"],
        Keep = ["5%", "20%"],
    };

    /// <summary>The manifest of a run with this plan.</summary>
    public static RunManifest Manifest(RunPlan? plan = null) => new(plan ?? Plan, new RunSources("fake", "none"), new RunEnvironment
    {
        Version = "0.0.0",
        Runtime = ".NET",
        Libraries = new Dictionary<string, string> { ["libtorch"] = "2.10.0 CPU" },
        System = "Linux",
        Cores = 2,
        Threads = 1,
        Utc = "2026-01-01 00:00:00Z",
    });

    public static IReadOnlyList<EvalTask> Tasks { get; } = [.. Enumerable.Range(0, 12).Select(i => new EvalTask($"t{i:D2}", $"Do {i} \"ä\"")
    {
        Open = () => throw new NotSupportedException(),
        Labels = new Dictionary<string, string> { ["kind"] = i % 2 == 0 ? "Text" : "Icon" },
        Judge = _ => throw new NotSupportedException(),
    })];

    public static SampleRecord Answer(EvalTask task, CancellationToken cancellation = default)
    {
        var i = int.Parse(task.Id[1..]);
        return new SampleRecord
        {
            Task = task.Id,
            Labels = task.Labels,
            PromptSha256 = new string('a', 64),
            PromptTokens = 100 + i,
            ImageTokens = 90,
            Answers =
            [
                Cell("full", "100%", true),
                Cell("star-kv", "5%", i % 3 != 0), Cell("star-kv", "20%", i != 0),
                Cell("snapkv", "5%", i % 4 == 0), Cell("snapkv", "20%", i % 2 == 0),
                Cell("star-kv:temporal=off", "5%", i % 3 != 0), Cell("star-kv:temporal=off", "20%", i > 1),
            ],
        };

        AnswerRecord Cell(string method, string keep, bool right)
        {
            var share = int.Parse(keep[..^1]) / 100.0;
            return new AnswerRecord(method, keep, right ? Verdict.Right : i == 9 ? Verdict.Unreadable : Verdict.Wrong, $"answer of {task.Instruction}", right ? "click (1,2)" : null, 5, share * 100, (long)(share * 100_000), 100_000, 0.5);
        }
    }

    /// <summary>The same with an error in place of one cache's answer.</summary>
    public static SampleRecord Failing(EvalTask task, RunCache cache, string error) => Answer(task) is var record
        ? record with { Answers = [.. record.Answers.Where(a => a.Cache != cache)], Failed = [new CacheError(cache, error)] }
        : record;

    /// <summary>Runs what is open of a shard into a folder.</summary>
    public static void Go(RunFolder folder, Shard shard, Func<EvalTask, CancellationToken, SampleRecord>? answer = null)
    {
        folder.Begin(Manifest());
        using var log = folder.Open(shard);
        new Evaluator(answer ?? Answer).Run(shard.Of(Tasks), log);
    }

    /// <summary>The summary's bytes.</summary>
    public static byte[] Summary(RunFolder folder)
    {
        folder.Write("summary.json", RunSummary.Of(folder.Plan(), folder.Samples()));
        return File.ReadAllBytes(Path.Combine(folder.Path, "summary.json"));
    }
}
