using System.Text.Json.Nodes;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Score;

namespace StarKV.Evaluation.Tests.Benchmarks.Published;

/// <summary>The shipped model over a benchmark: every method at three budgets, if not said otherwise.</summary>
public sealed class MiniRun : IDisposable
{
    private readonly GuiAgent _agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");

    /// <summary>Runs what a folder does not hold yet, and checks what every run must have.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="memory">How long methods remember; default the benchmark's own.</param>
    /// <param name="most">At most so many tasks in this start; default all.</param>
    /// <param name="methods">Only these methods, at one budget: where each cache goes on from its own answers, each has a prompt of its own to read.</param>
    /// <returns>The samples and each cell's own metrics.</returns>
    internal (IReadOnlyDictionary<string, SampleRecord> Samples, JsonArray Cells) Of(IPublishedBenchmark benchmark, string folder, MemorySpan? memory = null, int most = int.MaxValue, string[]? methods = null)
    {
        string[] keep = methods is null ? ["5%", "20%", "50%"] : ["20%"];
        methods ??= [.. Methods.All.Select(m => m.Name)];
        List<Compression> compressions = [.. methods.SelectMany(m => keep.Select(k => new Compression(Methods.Create(m), KvBudget.Parse(k)) { Name = m })).DistinctBy(c => c.KeepsEverything ? c.Name : $"{c}")];
        var plan = FakeRun.Plan with
        {
            Benchmark = benchmark.Name,
            Settings = benchmark.Settings,
            Tasks = benchmark.Tasks.Count,
            Methods = methods,
            Keep = keep,
            MaxNewTokens = 20,
            Memory = memory ?? benchmark.Memory,
        };
        var run = new RunFolder(folder);
        run.Begin(FakeRun.Manifest(plan));
        using (var log = run.Open(Shard.Whole))
        {
            using var answers = new TaskAnswers(_agent, plan, compressions, log.Records);
            new Evaluator(answers.Of).Run([.. benchmark.Tasks.Take(most)], log);
        }

        var samples = run.Samples();
        Assert.Equal(Math.Min(most, benchmark.Tasks.Count), samples.Count);
        Assert.All(samples.Values, s => Assert.Equal(benchmark.Settings["profile"], s.Labels["profile"]));
        Assert.All(samples.Values.Where(s => s.Error is null), s => Assert.Equal(compressions.Count, s.Answers.Count));
        var summary = RunSummary.Of(plan, samples);
        Assert.All(summary.Cells, c => Assert.Equal(samples.Count, c.N + c.Errors));
        Assert.All(summary.Cells.Where(c => c.Keep == "20%" && c.Method is "star-kv" or "snapkv" or "knorm"), c => Assert.InRange(c.ByteShare, 0.17, 0.21));
        var metrics = PublishedMetrics.Write(benchmark, run, plan, samples);
        Assert.Equal(benchmark.Settings["profile"], (string?)metrics["settings"]!["profile"]);
        var cells = metrics["cells"]!.AsArray();
        Assert.Equal(compressions.Count, cells.Count);
        Assert.Equal(cells.Count, Directory.GetFiles(Path.Combine(folder, "released"), "*.json", SearchOption.AllDirectories).Length);
        return (samples, cells);
    }

    public void Dispose() => _agent.Dispose();
}
