using System.Runtime.InteropServices;

namespace StarKV.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks the verb to end, and the process ends when the grace is over; further ones change nothing.</summary>
internal sealed partial class Interruption : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    /// <summary>Linux's SIGXFSZ, which ends a process that writes beyond its limit of a file's size (ulimit -f).</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    // The write fails instead, and what was begun is removed. For as long as the process lives: signals are handled some time after they came.
    private static readonly PosixSignalRegistration s_tooLarge = PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);

    private readonly PosixSignalRegistration _interrupt, _terminate;
    private readonly Timer _end = new(_ => Exit(ExitCodes.Interrupted));

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        GC.KeepAlive(s_tooLarge);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <value>How long the verb may take to end once it is asked; default 2 s, <see cref="Timeout.InfiniteTimeSpan"/> waits.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(2);

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _end.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked.IsCancellationRequested)
            return;
        _end.Change(Grace, Timeout.InfiniteTimeSpan);
        _asked.Cancel();
    }

    /// <summary>At once: what a usual exit tears down, a thread may still compute with.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
