using System.Text;
using System.Text.Json;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Fuzz.Seeds;

/// <summary>The files of a small finished run.</summary>
internal static class RunFiles
{
    private static readonly RunPlan s_plan = new()
    {
        Benchmark = "minigui-bench-v1",
        Model = "mini",
        ModelFingerprint = "0123",
        Compute = "cpu float32",
        Tasks = 4,
        Methods = ["full", "star-kv", "snapkv"],
        Keep = ["5%", "20%"],
        Settings = new Dictionary<string, string> { ["profile"] = "strict" },
        Filter = ["kind=icon"],
    };

    private static readonly RunEnvironment s_environment = new()
    {
        Version = "0.1.0",
        Runtime = ".NET 10",
        Libraries = new Dictionary<string, string> { ["libtorch"] = "2.10.0 CPU" },
        System = "Linux",
        Cores = 2,
        Threads = 1,
        Processor = "AMD",
        Utc = "2026-01-01 00:00:00Z",
    };

    public static byte[] Manifest() => JsonSerializer.SerializeToUtf8Bytes(new RunManifest(s_plan, new RunSources("minigui", "models/mini"), s_environment), RunJson.File);

    public static byte[] Starts() => Lines([s_environment, s_environment with { Cores = 8, Card = "H200" }]);

    public static byte[] Samples() => Lines(Enumerable.Range(0, s_plan.Tasks).Select(Sample));

    public static byte[] Errors() => Lines<ErrorRecord>(
    [
        new("t1", Labels(1), "star-kv", "5%", "does not fit"), new("t3", Labels(3), null, null, "screenshot 'x.png' does not exist."),
    ]);

    private static SampleRecord Sample(int task) => new()
    {
        Task = $"t{task}",
        Labels = Labels(task),
        PromptSha256 = new string('a', 64),
        PromptTokens = 100,
        ImageTokens = 90,
        Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15),
        Answers = [.. s_plan.Caches.Select((cache, i) => new AnswerRecord(
            cache.Method, cache.Keep, (Verdict)((task + i) % 3), "Action: click(start_box='(41,311)')", i % 2 == 0 ? "click (41,311)" : null, 13, 33, 270336, 1384448, 3.14) { Measures = new Dictionary<string, double> { ["score"] = 1 } })],
    };

    private static Dictionary<string, string> Labels(int task) => new() { ["kind"] = task % 2 == 0 ? "text" : "icon", ["stratum"] = "screen text", ["form"] = "screen", ["split"] = "test" };

    private static byte[] Lines<T>(IEnumerable<T> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => JsonSerializer.Serialize(l, RunJson.Line) + "\n")));
}
