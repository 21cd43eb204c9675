using StarKV.Cli.Tests.Hub;

namespace StarKV.Cli.Tests.Reliability;

/// <summary>The small form of eng/faults/signals.sh: one signal in a stage that can be told from outside.</summary>
/// <remarks>Right is the line "interrupted", exit code 130, nothing half.</remarks>
public sealed class SignalsInStages : IDisposable
{
    private const string Interrupt = "INT", Terminate = "TERM", NoHub = "unset ${!HF_HUB*} ${!HF_TOKEN*} HUGGINGFACE_HUB_CACHE";
    private static readonly string s_model = RepositoryFiles.Path("models", "mini");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("Loading ", Terminate)]
    [InlineData("Answering ", Interrupt)]
    public void An_answer_ends_and_leaves_no_picture(string stage, string signal)
    {
        var sample = MiniSample.Of("text_672x448_0");
        string[] question = ["--image", sample.Files()[0], "--instruction", sample.Instruction];
        string[] arguments = ["ground", "--model", s_model, "--device", "cpu", .. question, "--overlay", _temp.File("overlay.png")];
        using var process = new CommandProcess("", [], arguments);
        process.AwaitLine(stage);
        process.Signal(signal);
        Interrupted(process.End());
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Drawing_ends_and_leaves_no_folder()
    {
        using var process = new CommandProcess("", [], "minigui", "draw", "--count", "5000", "--out", _temp.File("drawn"));
        process.AwaitLine("Drawing");
        process.Signal(Terminate);
        Interrupted(process.End());
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void A_pull_ends_and_the_next_one_goes_on()
    {
        using var server = new HubServer();
        server.FileFaults.Enqueue(new Fault());
        server.FileFaults.Enqueue(new Fault(CutAfter: 3000));
        server.FileFaults.Enqueue(new Fault(Silent: true));
        (string, string)[] variables = [("HF_HOME", _temp.Path), ("HF_ENDPOINT", server.Address.AbsoluteUri)];
        using (var process = new CommandProcess(NoHub, variables, "pull", "org/tiny", "--jobs", "1"))
        {
            var isGoingOn = () => server.Requests.Any(r => r.Contains("Range: bytes=3000-", StringComparison.Ordinal));
            Assert.True(SpinWait.SpinUntil(isGoingOn, TimeSpan.FromMinutes(1)));
            process.Signal(Interrupt);
            Interrupted(process.End());
        }

        using var next = new CommandProcess(NoHub, variables, "pull", "org/tiny", "--json");
        Assert.Equal(2000, next.End().Json.GetProperty("fetchedBytes").GetInt64());
    }

    [Fact]
    public void A_run_ends_and_the_next_one_goes_on()
    {
        string[] arguments = ["eval", "minigui", "--limit", "2", "--max-new-tokens", "2", "--method", "full", "--out", _temp.File("run")];
        using (var process = new CommandProcess("", [], arguments))
        {
            process.AwaitLine("Running ");
            process.Signal(Terminate);
            Interrupted(process.End());
        }

        Assert.False(File.Exists(_temp.File("run/summary.json")));
        using var next = new CommandProcess("", [], arguments);
        Assert.Equal(0, next.End().ExitCode);
        Assert.Equal(2, File.ReadLines(_temp.File("run/samples-1-of-1.jsonl")).Count());
    }

    private static void Interrupted(CommandRun run)
    {
        Assert.EndsWith("starkv: interrupted\n", run.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Interrupted, ""), (run.ExitCode, run.Out));
    }
}
