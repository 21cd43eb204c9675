namespace StarKV.Server.Http;

/// <summary>Whether the server takes work, and how much it has. Thread-safe.</summary>
internal sealed class ServerLife : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _running;

    /// <summary>Whether new work is refused.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Requests that are answered now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Cancelled when what still runs is to end at once.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>A request begins; false where new work is refused.</summary>
    public bool Begin()
    {
        lock (_gate)
        {
            if (IsDraining)
                return false;
            _running++;
            return true;
        }
    }

    /// <summary>A request has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (--_running == 0 && IsDraining)
                _idle.TrySetResult();
        }
    }

    /// <summary>Refuses new work from now on; the task ends when no request runs any more.</summary>
    public Task Drain()
    {
        lock (_gate)
        {
            IsDraining = true;
            if (_running == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    /// <summary>Ends what still runs.</summary>
    public void EndAll() => _ended.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();
}
