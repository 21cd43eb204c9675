using System.Diagnostics;
using System.Text.Json;
using StarKV.Cli.Commands;
using StarKV.Cli.Tests.Hub;
using StarKV.Hub;

namespace StarKV.Cli.Tests.Commands;

/// <summary>The cache is chosen by environment variables, so each command runs in a process of its own.</summary>
public sealed class PullCommandTests : IDisposable
{
    private static readonly string[] s_parts = ["config.json", "generation_config.json", "model.safetensors", "preprocessor_config.json", "starkv.json", "tokenizer.json"];

    private readonly HubServer _server = new();
    private readonly TempFolder _home = new();

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    private string Snapshot => _home.File($"hub/models--org--tiny/snapshots/{HubServer.Commit}");

    [Fact]
    public void A_pulled_model_answers_without_the_network()
    {
        foreach (var name in s_parts)
            _server.Files[name] = File.ReadAllBytes(RepositoryFiles.Path("models", "mini", name));
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 1));

        var pull = Run("pull", "org/tiny");
        Assert.Equal((ExitCodes.Success, Snapshot + "\n"), (pull.ExitCode, pull.Out));
        Assert.StartsWith("Fetching org/tiny\n", pull.Error, StringComparison.Ordinal);
        Assert.Matches("model.safetensors: [0-9.]+ MiB\n", pull.Error);
        Assert.Equal(s_parts, Directory.GetFiles(Snapshot).Select(Path.GetFileName).Order());

        var asked = _server.Requests.Count;
        var sample = MiniSample.Of("text_0");
        var ground = Run("ground", "--model", "org/tiny@main", "--device", "cpu", "--method", "full", "--image", sample.Files()[0], "--instruction", sample.Instruction);
        Assert.Contains(sample.FullAnswer, ground.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, ground.ExitCode);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public void A_killed_pull_is_taken_up()
    {
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 3000));
        _server.FileFaults.Enqueue(new Fault(Silent: true));
        using (var process = Start("pull", "org/tiny", "--jobs", "1"))
        {
            Assert.True(SpinWait.SpinUntil(() => _server.Requests.Any(r => r.Contains("Range: bytes=3000-", StringComparison.Ordinal)), TimeSpan.FromMinutes(1)));
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(Directory.Exists(Snapshot));
        var run = Run("pull", "org/tiny", "--revision", "v1", "--json");
        Assert.Equal(2000, run.Json.GetProperty("fetchedBytes").GetInt64());
        Assert.Equal(["model", "revision", "commit", "folder", "fetchedBytes", "files"], run.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("v1", run.Json.GetProperty("revision").GetString());
        Assert.Equal(JsonValueKind.Array, run.Json.GetProperty("files").ValueKind);
        Assert.Equal(_server.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Fact]
    public async Task What_cannot_be_a_pull_is_refused()
    {
        (await CommandRun.Of("pull", "name")).Refused("'name'", "ORG/NAME");
        (await CommandRun.Of("pull", "org/tiny", "--revision", "../x")).Refused("'../x'", "branch");
        (await CommandRun.Of("pull", "org/tiny", "--endpoint", "here")).Refused("--endpoint", "'here'");
        (await CommandRun.Of("pull", "org/tiny", "--jobs", "0")).Refused("1 to 16");
    }

    [Fact]
    public void Plain_lines_tell_rate_and_time_left()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var time = new SteppedTime();
        var lines = new PullProgress.Lines(writer.WriteLine, time);
        var file = new HubFile("model.safetensors", 100 << 20, "");
        lines.Report(new HubProgress(file, 40 << 20, false));
        time.Now = TimeSpan.FromSeconds(10);
        lines.Report(new HubProgress(file, 60 << 20, false));
        lines.Report(new HubProgress(file, 100 << 20, true));
        Assert.Equal("1 under way: 2 MiB/s, 40 MiB and about 20 s left\nmodel.safetensors: 100 MiB\n", writer.ToString());
    }

    private Process Start(params string[] arguments) => PullProcess.Start(_home, _server, arguments);

    private CommandRun Run(params string[] arguments) => PullProcess.Run(_home, _server, arguments);
}
