using System.Diagnostics;

namespace StarKV.Cli.Tests.Commands;

/// <summary>SIGTERM, as a machine that goes away sends it, once or twice; SIGINT; SIGHUP of a terminal that closes.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static string Program => Path.Combine(AppContext.BaseDirectory, "StarKV.Cli");

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
        using var process = Start("starkv-bench", "prefill", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--size", "448x448", "--repeats", "100000");
        Thread.Sleep(3000);
        Assert.False(process.HasExited);
        Terminate(process);
        Assert.True(process.WaitForExit(30_000));
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
        Assert.EndsWith("starkv-bench: interrupted\n", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    [InlineData("-HUP")]
    public void Drawing_leaves_nothing_behind(string signal)
    {
        using var process = Start("minigui", "draw", "--count", "5000", "--out", _temp.File("drawn"));
        Assert.True(SpinWait.SpinUntil(() => Directory.EnumerateFiles(_temp.Path, "*.png", SearchOption.AllDirectories).Take(5).Count() == 5, TimeSpan.FromSeconds(60)));
        Interrupted(process, signal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Below_nohup_a_terminal_that_closes_ends_nothing()
    {
        using var process = Start("nohup", Program, "minigui", "draw", "--count", "60", "--out", _temp.File("drawn"));
        Assert.True(SpinWait.SpinUntil(() => Directory.EnumerateFiles(_temp.Path, "*.png", SearchOption.AllDirectories).Any(), TimeSpan.FromSeconds(60)));
        Signal(process, "-HUP");
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.InRange(Directory.EnumerateFiles(_temp.File("drawn"), "*.png", SearchOption.AllDirectories).Count(), 60, 1000);
    }

    [Fact]
    public void An_answer_ends_within_a_second_of_a_layer()
    {
        var picture = _temp.Write("large.png", Large());
        using var process = Start("ground", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--image", picture, "--instruction", "Click");
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("Answering", StringComparison.Ordinal))
        {
            // Until the model is there.
        }

        Interrupted(process, "-TERM");
    }

    private static void Interrupted(Process process, string signal)
    {
        var watch = Stopwatch.StartNew();
        Signal(process, signal);
        Assert.EndsWith("starkv: interrupted\n", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
        // The grace of a second, and time for a machine that does other work, too.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    private static byte[] Large()
    {
        using var bitmap = new SkiaSharp.SKBitmap(3000, 3000);
        using var data = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void Terminate(Process process) => Signal(process, "-TERM");

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    // Whoever runs the tests in the background has them ignore SIGINT, and what they start as well.
    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("env", ["--default-signal=INT,TERM,HUP", .. Command(arguments)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static string[] Command(string[] arguments) => arguments switch
    {
        ["nohup", ..] => arguments,
        [CommandTree.BenchName, ..] => [Path.Combine(AppContext.BaseDirectory, CommandTree.BenchName), .. arguments[1..]],
        _ => [Program, .. arguments],
    };
}
