using System.Text.Json;

namespace StarKV.Cli.Tests.Commands;

public sealed class EvalCommandTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_published_benchmark_runs_from_its_folder()
    {
        foreach (var (task, rows) in new[] { ("mobile", 2), ("desktop", 1), ("web", 0) })
            Write($"annotations/screenspot_{task}_v2.json", JsonSerializer.SerializeToUtf8Bytes(Enumerable.Repeat(new { img_filename = "a.png", bbox = new[] { 10, 10, 20, 20 }, instruction = "open it", data_type = "icon", data_source = "ios" }, rows)));
        Write("images/a.png", await File.ReadAllBytesAsync(RepositoryFiles.Path("tests", "vectors", "golden", "image", "img_20x30.png"), TestContext.Current.CancellationToken));
        string[] line = ["eval", "screenspot-v2", "--data", _data.Path, "--method", "star-kv,snapkv", "--keep", "5,20", "--profile", "guikv", "--max-new-tokens", "4", "--device", "cpu", "--out", _data.File("run"), "--json"];
        var run = await CommandRun.Of(line);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal(("screenspot-v2/guikv", "guikv"), (run.Json.GetProperty("benchmark").GetString(), run.Json.GetProperty("settings").GetProperty("profile").GetString()));
        Assert.Equal(["star-kv 5%", "star-kv 20%", "snapkv 5%", "snapkv 20%"], run.Json.GetProperty("cells").EnumerateArray().Select(c => $"{c.GetProperty("method")} {c.GetProperty("keep")}"));
        Assert.Equal(3, (await File.ReadAllLinesAsync(_data.File("run/samples-1-of-1.jsonl"), TestContext.Current.CancellationToken)).Count(l => l.Contains("\"profile\":\"guikv\"", StringComparison.Ordinal)));
        // The same command goes on; another profile needs another folder.
        Assert.Equal(run.Out, (await CommandRun.Of(line)).Out);
        (await CommandRun.Of([.. line.Select(word => word == "guikv" ? "strict" : word)])).Refused("screenspot-v2/guikv", "screenspot-v2/strict");
    }

    [Fact]
    public async Task Check_says_what_is_missing_and_shows_the_tree()
    {
        var run = await CommandRun.Of("eval", "screenspot-pro", "--check", "--data", _data.Path);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("screenspot-pro missing", run.Out, StringComparison.Ordinal);
        Assert.Contains("<application>_<platform>.json", run.Out, StringComparison.Ordinal);
        var all = await CommandRun.Of("eval", "--check");
        Assert.All(["screenspot-v2", "screenspot-pro", "androidcontrol", "agentnetbench", "mind2web"], name => Assert.Contains($"{name} missing", all.Out, StringComparison.Ordinal));
        var row = new { img_filename = "a.png", bbox = new[] { 1, 1, 9, 9 }, img_size = new[] { 20, 30 }, instruction = "open it" };
        Write("annotations/vscode_macos.json", JsonSerializer.SerializeToUtf8Bytes(new[] { row }));
        Write("images/a.png", await File.ReadAllBytesAsync(RepositoryFiles.Path("tests", "vectors", "golden", "image", "img_20x30.png"), TestContext.Current.CancellationToken));
        var ready = await CommandRun.Of("eval", "screenspot-pro", "--check", "--data", _data.Path);
        Assert.Equal(ExitCodes.Success, ready.ExitCode);
        Assert.Contains("screenspot-pro ready", ready.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_thinks_has_room_for_its_thoughts_and_the_run_can_be_repeated()
    {
        var run = await CommandRun.Of("eval", "minigui", "--thoughts", "--filter", "form=first", "--filter", "size=336x336", "--limit", "1", "--method", "full", "--device", "cpu", "--out", _data.File("run"), "--json");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal(("minigui-bench-v1+thoughts", 96), await Plan());
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("replay", _data.File("run"), "--device", "cpu")).ExitCode);
        (await CommandRun.Of("eval", "minigui", "--episodes", "--sessions", "reread", "--thoughts")).Refused("--episodes have no thoughts");
    }

    [Fact]
    public async Task Version_2_of_the_benchmark_runs_and_can_be_repeated()
    {
        var run = await CommandRun.Of("eval", "minigui", "--bench", "v2", "--filter", "challenge=twins", "--filter", "size=448x448", "--limit", "1", "--method", "full", "--device", "cpu", "--out", _data.File("run"), "--json");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal(("minigui-bench-v2", 32), await Plan());
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("replay", _data.File("run"), "--device", "cpu")).ExitCode);
        (await CommandRun.Of("eval", "minigui", "--bench", "v2", "--episodes", "--sessions", "reread")).Refused("--bench v2 is a list of tasks");
        (await CommandRun.Of("eval", "manifest", "--bench", "v2", "--of-each-kind", "2")).Refused("--bench v2 is a list of tasks");
    }

    [Fact]
    public async Task Wrong_requests_are_refused_in_one_sentence()
    {
        (await CommandRun.Of("eval")).Refused("needs a benchmark");
        (await CommandRun.Of("eval", "mind2web")).Refused("mind2web: no folder of annotations is named", "--check");
        (await CommandRun.Of("eval", "minigui", "--keep", "1")).Refused("keep '1' may mean 1 % or everything");
    }

    private async Task<(string, int)> Plan()
    {
        var plan = JsonDocument.Parse(await File.ReadAllTextAsync(_data.File("run/run.json"), TestContext.Current.CancellationToken)).RootElement.GetProperty("plan");
        return (plan.GetProperty("benchmark").GetString()!, plan.GetProperty("maxNewTokens").GetInt32());
    }

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_data.File(path))!);
        _data.Write(path, bytes);
    }
}
