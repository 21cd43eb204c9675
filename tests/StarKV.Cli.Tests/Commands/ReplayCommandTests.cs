using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StarKV.Cli.Tests.Commands;

/// <summary>Runs that are repeated from their manifest.</summary>
public sealed class ReplayCommandTests(Chromium browser) : IDisposable
{
    private readonly TempFolder _temp = new();

    private string First => _temp.File("run");

    private string Second => _temp.File("run-replay");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public async Task A_run_is_repeated_in_its_number_type_with_the_same_answers(string type)
    {
        await MiniGui(type);
        Assert.Contains($"\"cpu {type}\"", await Read(First, "run.json"), StringComparison.Ordinal);
        var replay = await CommandRun.Of("replay", Path.Combine(First, "run.json"), "--device", "cpu", "--json");
        Assert.Equal(ExitCodes.Success, replay.ExitCode);
        Assert.Equal((3, 3, 0), (Number(replay, "compared"), Number(replay, "same"), Number(replay, "missing")));
        Assert.Equal(0, replay.Json.GetProperty("environment").GetArrayLength());
        Assert.Equal(await Read(First, "summary.json"), await Read(Second, "summary.json"));
    }

    [Fact]
    public async Task What_differs_is_named()
    {
        await MiniGui();
        var samples = _temp.File("run/samples-1-of-1.jsonl");
        var lines = (await File.ReadAllLinesAsync(samples, TestContext.Current.CancellationToken)).Select(l => JsonNode.Parse(l)!).ToList();
        lines[0]["answers"]![0]!["answer"] = "Action: wait()";
        lines[1]["promptSha256"] = "0";
        await File.WriteAllLinesAsync(samples, lines.Take(2).Select(l => l.ToJsonString()), TestContext.Current.CancellationToken);
        var manifest = JsonNode.Parse(await Read(First, "run.json"))!;
        (manifest["plan"]!["modelFingerprint"], manifest["environment"]!["cores"]) = ("0", 99);
        await File.WriteAllTextAsync(_temp.File("run/run.json"), manifest.ToJsonString(), TestContext.Current.CancellationToken);

        var replay = await CommandRun.Of("replay", First, "--device", "cpu");
        Assert.Equal(ExitCodes.Failed, replay.ExitCode);
        Assert.Contains("Not the same: 0 of 2 tasks", replay.Out, StringComparison.Ordinal);
        Assert.Contains("1 are done in one of the runs only", replay.Out, StringComparison.Ordinal);
        Assert.All(["modelFingerprint", "cores", $"{lines[0]["task"]} snapkv 10% answer", "Action: wait()", $"{lines[1]["task"]}  prompt"], said => Assert.Contains(said, replay.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_published_benchmark_is_found_again_and_its_failures_have_pictures()
    {
        foreach (var (task, rows) in new[] { ("mobile", 2), ("desktop", 1), ("web", 0) })
            Write($"data/annotations/screenspot_{task}_v2.json", JsonSerializer.SerializeToUtf8Bytes(Enumerable.Repeat(new { img_filename = "a.png", bbox = new[] { 1, 1, 2, 2 }, instruction = "open it", data_type = "icon", data_source = "ios" }, rows)));
        Write("data/images/a.png", await File.ReadAllBytesAsync(RepositoryFiles.Path("tests", "vectors", "golden", "image", "img_20x30.png"), TestContext.Current.CancellationToken));
        var run = await CommandRun.Of("eval", "screenspot-v2", "--data", _temp.File("data"), "--method", "snapkv", "--keep", "20%", "--profile", "guikv", "--max-new-tokens", "8", "--device", "cpu", "--out", First);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("\"kv_cache_budget\": 20", await Read(First, "released/snapkv@20%/summary_results.json"), StringComparison.Ordinal);

        var page = _temp.File("report.html");
        Assert.Equal((ExitCodes.Success, ""), (await CommandRun.Of("report", First, "--out", page)) is var made ? (made.ExitCode, made.Error) : default);
        var opened = browser.Open(page);
        Assert.Empty(opened.Console);
        Assert.Equal(3, Regex.Count(opened.Dom, "<img [^>]*src=\"data:image/png;base64,"));

        Directory.Move(_temp.File("data"), _temp.File("elsewhere"));
        (await CommandRun.Of("replay", First, "--device", "cpu")).Refused("which does not exist", "--annotations and --images");
        var without = await CommandRun.Of("report", First, "--out", page);
        Assert.Contains("without pictures", without.Error, StringComparison.Ordinal);
        var replay = await CommandRun.Of("replay", First, "--device", "cpu", "--annotations", _temp.File("elsewhere/annotations"), "--images", _temp.File("elsewhere/images"));
        Assert.Equal(ExitCodes.Success, replay.ExitCode);
        Assert.Contains("The same: 3 of 3", replay.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_repeated_is_refused()
    {
        (await CommandRun.Of("replay", _temp.Path)).Refused("holds no run");
        Write("old/run.json", "{\"benchmark\":\"minigui-bench-v1\"}"u8.ToArray());
        (await CommandRun.Of("replay", _temp.File("old"))).Refused("is not the manifest of a run");
        await MiniGui();
        (await CommandRun.Of("replay", First, "--out", First)).Refused("the run's own folder");
    }

    private async Task MiniGui(string type = "auto") => Assert.True((await CommandRun.Of(
        "eval", "minigui", "--limit", "3", "--filter", "size=336x336", "--filter", "frames=1", "--method", "snapkv,random", "--keep", "10%", "--device", "cpu", "--dtype", type, "--out", First)).ExitCode is ExitCodes.Success);

    private static int Number(CommandRun run, string member) => run.Json.GetProperty(member).GetInt32();

    private static Task<string> Read(string folder, string file) => File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken);

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_temp.File(path))!);
        _temp.Write(path, bytes);
    }
}
