using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace StarKV.Fuzz.Run;

/// <summary>A worker as the campaign sees it: gives it work, notices that it hangs or dies, and says which input it was at.</summary>
/// <remarks>Not thread-safe: one lane of the campaign holds it.</remarks>
internal sealed class WorkerProcess : IDisposable
{
    // An input that blows the heap up shall be an exception of .NET, not the end of the machine.
    private const string HeapLimit = "0x80000000";

    // An input that waits takes no processor time; on a busy machine one that works takes longer than it should.
    private const double WallFactor = 30;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Scratch.New();
    private readonly LastInput _last;
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public WorkerProcess()
    {
        _last = new LastInput(_folder) { Number = -1 };
        // The runtime that runs this process, whatever started it: the program itself, the dotnet command, or a test.
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(host, [typeof(WorkerProcess).Assembly.Location, "--worker", _folder]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        _process = Process.Start(start)!;
    }

    /// <summary>Has a piece of work done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="hangSeconds">Processor time after which an input counts as one that hangs.</param>
    /// <returns>The tally; else the input at which the worker hung or died, after which it must be disposed.</returns>
    public (Tally? Tally, Finding? End) Do(Work work, double hangSeconds)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(work));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLineAsync();
        var (at, cpu, watch) = (-1L, TimeSpan.Zero, Stopwatch.StartNew());
        while (!answer.Wait(s_look))
        {
            if (_last.Number != at)
                (at, cpu, watch) = (_last.Number, Cpu(), Stopwatch.StartNew());
            else if (at >= 0 && ((Cpu() - cpu).TotalSeconds > hangSeconds || watch.Elapsed.TotalSeconds > WallFactor * hangSeconds))
                return (null, new Finding(work.Input(at), OutcomeKind.Hang, "hang", $"no end after {(Cpu() - cpu).TotalSeconds:0.0} s of processor time, {watch.Elapsed.TotalSeconds:0} s by the clock"));
        }

        if (answer.Result is { } line)
            return (JsonSerializer.Deserialize<Tally>(line), null);
        _process.WaitForExit();
        return (null, new Finding(work.Input(_last.Number), OutcomeKind.Death, $"exit code {_process.ExitCode}", $"the process died, exit code {_process.ExitCode}"));
    }

    private TimeSpan Cpu()
    {
        try
        {
            return _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has just died, which its output tells.
            return TimeSpan.Zero;
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _last.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
