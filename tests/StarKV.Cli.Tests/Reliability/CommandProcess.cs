using System.Diagnostics;

namespace StarKV.Cli.Tests.Reliability;

/// <summary>The command in a process of its own, started by bash.</summary>
/// <remarks>Limits are the test's, signals as a terminal has them, whoever runs the tests; one thread, as the work is small.</remarks>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _errorsEnded = new();

    /// <summary>Starts it.</summary>
    /// <param name="before">Commands of bash that come first, such as <c>ulimit -n 64</c>.</param>
    /// <param name="variables">Variables of the environment.</param>
    /// <param name="arguments">The command line.</param>
    public CommandProcess(string before, (string Name, string Value)[] variables, params string[] arguments)
    {
        var script = $"{before}\nexec env --default-signal=INT,TERM \"$@\"";
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", Path.Combine(AppContext.BaseDirectory, "StarKV.Cli"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until a line of stderr begins so.</summary>
    public void AwaitLine(string beginning)
    {
        var wasSaid = () => Errors().Any(line => line.StartsWith(beginning, StringComparison.Ordinal));
        Assert.True(SpinWait.SpinUntil(wasSaid, TimeSpan.FromMinutes(1)), string.Join('\n', Errors()));
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public CommandRun End()
    {
        Assert.True(_process.WaitForExit(60_000), "the command does not end");
        _errorsEnded.Task.GetAwaiter().GetResult();
        return new CommandRun(_process.ExitCode, _output.GetAwaiter().GetResult(), string.Concat(Errors().Select(line => line + "\n")));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private List<string> Errors()
    {
        lock (_errors)
            return [.. _errors];
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            _errorsEnded.SetResult();
            return;
        }

        lock (_errors)
            _errors.Add(line);
    }
}
