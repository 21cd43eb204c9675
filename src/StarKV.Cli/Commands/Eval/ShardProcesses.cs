using System.Diagnostics;
using System.Globalization;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>
/// Runs one shard a device, each in a process of its own, and watches them. They write into one folder, which merges exactly.
/// </summary>
/// <param name="terminal">Where progress goes.</param>
/// <param name="devices">The devices.</param>
/// <param name="run">The run's folder.</param>
/// <param name="total">Tasks of all shards.</param>
internal sealed class ShardProcesses(Terminal terminal, IReadOnlyList<string> devices, RunFolder run, int total)
{
    private const string ThreadsVariable = "OMP_NUM_THREADS";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(300);
    private readonly RunFollower _follower = new(run);

    /// <summary>
    /// Starts the shards and waits for them. One that is killed begins again as long as it gets further; then nothing is lost but the
    /// sample in flight.
    /// </summary>
    /// <param name="arguments">The command line that a shard runs, but for device and shard.</param>
    /// <param name="cancellation">Ends all of them.</param>
    /// <exception cref="StarKvException">A shard failed.</exception>
    public void Run(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        terminal.Working($"Running {total} tasks in {devices.Count} processes: {string.Join(", ", devices)}", tell =>
        {
            _follower.Look();
            var line = new EvalProgress(terminal, tell, total, _follower.Tally);
            var before = _follower.Bytes;
            var running = devices.Select((device, i) =>
                new ShardProcess(new Shard(i + 1, devices.Count), device, Begin(arguments, device, i)) { BytesAtStart = before }).ToList();
            try
            {
                while (running.Count > 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Thread.Sleep(s_look);
                    _follower.Look();
                    foreach (var shard in running.Where(s => s.Process.HasExited).ToList())
                    {
                        running.Remove(shard);
                        if (Next(shard, arguments) is { } again)
                            running.Add(again);
                    }

                    line.Show();
                }
            }
            finally
            {
                running.ForEach(s => s.Process.Kill(entireProcessTree: true));
            }

            return true;
        });

    private ShardProcess? Next(ShardProcess shard, IReadOnlyList<string> arguments)
    {
        using var process = shard.Process;
        process.WaitForExit();
        if (process.ExitCode is ExitCodes.Success or ExitCodes.Failed)
            return null;
        _follower.Look();
        var done = _follower.Tally.Done;
        // 128 and more: a signal, such as that of a system short of memory.
        if (process.ExitCode >= 128 && _follower.Bytes > shard.BytesAtStart)
            return new ShardProcess(
                shard.Shard, shard.Device, Begin(arguments, shard.Device, shard.Shard.Index - 1))
            { BytesAtStart = _follower.Bytes };
        throw new StarKvException($"shard {shard.Shard.Index}/{shard.Shard.Count} on {shard.Device} ended with code " +
            $"{process.ExitCode}: {shard.LastError}. Run the command again to go on; {done} of {total} tasks are done.");
    }

    private Process Begin(IReadOnlyList<string> arguments, string device, int number)
    {
        var start = OwnProgram.With([.. arguments, "--device", device, "--shard", $"{number + 1}/{devices.Count}"]);
        start.Environment[ParentWatch.Variable] = "1";
        // Several threads mostly wait for one another in pieces of work as small as these.
        if (device == "cpu" && !start.Environment.ContainsKey(ThreadsVariable))
            start.Environment[ThreadsVariable] = Math.Max(1, Environment.ProcessorCount / devices.Count)
                .ToString(CultureInfo.InvariantCulture);
        return Process.Start(start) ?? throw new StarKvException($"{start.FileName} could not be started.");
    }

    private sealed class ShardProcess
    {
        public ShardProcess(Shard shard, string device, Process process)
        {
            (Shard, Device, Process) = (shard, device, process);
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, e) => LastError = string.IsNullOrWhiteSpace(e.Data) ? LastError : e.Data;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public Shard Shard { get; }

        public string Device { get; }

        public Process Process { get; }

        public long BytesAtStart { get; init; }

        public string LastError { get; private set; } = "no message";
    }
}
