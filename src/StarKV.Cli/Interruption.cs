using System.Runtime.InteropServices;

namespace StarKV.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP (a terminal that closes): the first asks the verb to end, and the process ends when the grace is over;
/// further ones change nothing, unless the verb says that they end it. Ctrl-C during a step of a verb ends the step.
/// </summary>
internal sealed partial class Interruption : IDisposable
{
    /// <summary>Linux's SIGXFSZ, which ends a process that writes beyond its limit of a file's size (ulimit -f).</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    // The write fails instead, and what was begun is removed. For as long as the process lives: signals are handled some time after they
    // came.
    private static readonly PosixSignalRegistration s_tooLarge = PosixSignalRegistration.Create(
        FileTooLarge, context => context.Cancel = true);

    /// <summary>A reader of stderr that does not read holds no one up for longer.</summary>
    private static readonly TimeSpan s_tellAtMost = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration _interrupt, _terminate, _hangup;
    private readonly Action _tell;
    private readonly Timer _end;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _step;
    private int _told;

    /// <summary>Listens from now on.</summary>
    /// <param name="tell">Says that the verb was interrupted; called once at most.</param>
    public Interruption(Action tell)
    {
        _tell = tell;
        _end = new Timer(_ => End());
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ask);
        GC.KeepAlive(s_tooLarge);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <value>How long the verb may take to end once it is asked; default 1 s, <see cref="Timeout.InfiniteTimeSpan"/> waits.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <value>Whether a second signal ends the process at once, with <see cref="ExitCodes.Failed"/>; default false.</value>
    public bool SecondEnds { get; set; }

    /// <summary>Says that the verb was interrupted, unless that was said.</summary>
    public void Tell()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
            _tell();
    }

    /// <summary>Does a step of the verb, which the first Ctrl-C ends alone; another one, or another signal, ends the verb.</summary>
    /// <param name="step">The step; its token is cancelled when it is to end.</param>
    public async Task StepAsync(Func<CancellationToken, Task> step)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            lock (_gate)
                _step = stop;
            await step(stop.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _step = null;
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hangup.Dispose();
        _end.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked.IsCancellationRequested && SecondEnds)
            Exit(ExitCodes.Failed);
        if (_asked.IsCancellationRequested || (context.Signal == PosixSignal.SIGINT && EndStep()))
            return;
        _end.Change(Grace, Timeout.InfiniteTimeSpan);
        _asked.Cancel();
    }

    /// <summary>Ends the step that is under way; false where none is, or it has been asked to.</summary>
    private bool EndStep()
    {
        lock (_gate)
        {
            if (_step is not { IsCancellationRequested: false } step)
                return false;
            step.Cancel();
            return true;
        }
    }

    private void End()
    {
        var telling = new Thread(Tell) { IsBackground = true };
        telling.Start();
        telling.Join(s_tellAtMost);
        Exit(ExitCodes.Interrupted);
    }

    /// <summary>Ends the process at once: what a usual exit tears down, a thread may still compute with.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);
}
