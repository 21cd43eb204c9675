using System.Diagnostics;

namespace StarKV.Cli.Tests.Commands;

/// <summary>SIGTERM, as a machine that goes away sends it, once or twice.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Training_saves_what_it_has_learned()
    {
        using var process = Start("minigui", "train", "--out", _temp.Path, "--shape", TinyShape.Folder(_temp.Path), "--device", "cpu", "--tokens", "1000", "--threads", "1", "--minutes", "30", "--log-every", "1");
        Assert.StartsWith("{", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Terminate(process);
        Terminate(process);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
        Assert.True(File.Exists(_temp.File("latest/training.json")));
    }

    [Fact]
    public void A_verb_that_goes_on_is_ended()
    {
        using var process = Start("bench", "prefill", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--size", "448x448", "--repeats", "100000");
        Thread.Sleep(3000);
        Assert.False(process.HasExited);
        Terminate(process);
        Assert.True(process.WaitForExit(30_000));
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }

    private static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
