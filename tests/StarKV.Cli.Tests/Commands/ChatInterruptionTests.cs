using System.Diagnostics;

namespace StarKV.Cli.Tests.Commands;

/// <summary>Ctrl-C in a chat: during a step it ends the step, otherwise the program.</summary>
public sealed class ChatInterruptionTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Process _process;

    public ChatInterruptionTests()
    {
        using var bitmap = new SkiaSharp.SKBitmap(3000, 3000);
        using var data = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        var large = _temp.Write("large.png", data.ToArray());
        string[] line = ["chat", "Click", "--model", RepositoryFiles.Path("models", "mini"), "--device", "cpu", "--images", large];
        // Whoever runs the tests in the background has them ignore SIGINT, and what they start as well.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), .. line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        _process = Process.Start(start)!;
        _process.StandardInput.WriteLine();
        // The step begins.
        Assert.Equal(large, _process.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void It_ends_a_step_and_then_the_program()
    {
        Signal("-INT");
        while (_process.StandardError.ReadLine() is { } line && line != "starkv: the step was interrupted; the session is as it was before.")
            Assert.StartsWith("Loading", line, StringComparison.Ordinal);
        _process.StandardInput.WriteLine("/kv");
        Assert.StartsWith("0 tokens are known; 0 steps and 0 screenshots in the conversation", _process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Signal("-INT");
        Interrupted();
    }

    [Fact]
    public void After_a_step_that_was_interrupted_the_input_goes_on_and_the_exit_code_tells()
    {
        Signal("-INT");
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(60_000));
        Assert.Equal((ExitCodes.Failed, ""), (_process.ExitCode, _process.StandardOutput.ReadToEnd()));
        Assert.EndsWith("starkv: the step was interrupted; the session is as it was before.\n", _process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_signal_ends_the_program_during_a_step()
    {
        Signal("-TERM");
        Interrupted();
    }

    private void Interrupted()
    {
        Assert.EndsWith("starkv: interrupted\n", _process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(_process.WaitForExit(60_000));
        Assert.Equal(ExitCodes.Interrupted, _process.ExitCode);
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
