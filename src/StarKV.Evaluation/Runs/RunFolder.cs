using System.Text.Json;
using StarKV.Report;

namespace StarKV.Evaluation.Runs;

/// <summary>The folder of a run: <c>run.json</c> with its plan, one file of samples for each shard, and <c>summary.json</c>.</summary>
/// <param name="path">The folder.</param>
public sealed class RunFolder(string path)
{
    private const string PlanFile = "run.json", SampleFiles = "samples-*.jsonl";

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Whether a folder is that of a run.</summary>
    public static bool IsRun(string folder) => File.Exists(System.IO.Path.Combine(folder, PlanFile));

    /// <summary>Begins a run, or goes on with one of the same plan.</summary>
    /// <exception cref="StarKvException">The folder holds a run with another plan.</exception>
    public void Begin(RunPlan plan)
    {
        Directory.CreateDirectory(path);
        var file = System.IO.Path.Combine(path, PlanFile);
        if (!File.Exists(file))
        {
            WholeFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(plan, RunJson.File), "run's plan");
            return;
        }

        var (known, now) = (Fields(Plan()), Fields(plan));
        if (now.FirstOrDefault(f => known[f.Key] != f.Value) is { Key: not null } other)
            throw new StarKvException($"{path} holds a run with {other.Key} {known[other.Key]}, not {other.Value}; name another folder with --out, or finish that run.");
    }

    /// <summary>The plan.</summary>
    /// <exception cref="StarKvException">The folder holds no run.</exception>
    public RunPlan Plan()
    {
        var file = System.IO.Path.Combine(path, PlanFile);
        return File.Exists(file) && JsonSerializer.Deserialize<RunPlan>(File.ReadAllBytes(file), RunJson.Line) is { } plan
            ? plan
            : throw new StarKvException($"{path} holds no run; starkv eval writes one with --out.");
    }

    /// <summary>Opens a shard's results.</summary>
    /// <inheritdoc cref="SampleLog.Open"/>
    public SampleLog Open(Shard shard, TimeSpan patience = default) => SampleLog.Open(System.IO.Path.Combine(path, shard.FileName), patience);

    /// <summary>All results so far, of all shards; the first of two for one task counts.</summary>
    public IReadOnlyDictionary<string, SampleRecord> Samples() => Directory.EnumerateFiles(path, SampleFiles).Order(StringComparer.Ordinal)
        .SelectMany(SampleLog.Read).DistinctBy(r => r.Task).ToDictionary(r => r.Task);

    /// <summary>How many results there are, of all shards; a task that two shards ran counts twice.</summary>
    public int CountDone() => Directory.EnumerateFiles(path, SampleFiles).Sum(SampleLog.Count);

    /// <summary>Writes a JSON file into the folder, whole or not at all.</summary>
    public void Write(string name, object value) => WholeFile.Write(System.IO.Path.Combine(path, name), [.. JsonSerializer.SerializeToUtf8Bytes(value, RunJson.File), (byte)'\n'], name);

    private static Dictionary<string, string> Fields(RunPlan plan) =>
        JsonSerializer.SerializeToNode(plan, RunJson.Everything)!.AsObject().ToDictionary(f => f.Key, f => f.Value?.ToJsonString() ?? "none");
}
