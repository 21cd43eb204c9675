namespace StarKV.Schedule;

/// <summary>Looks from outside whether a piece of work on the device comes to its end.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ITimer? _timer;
    private readonly TimeSpan _limit;
    private readonly Action<TimeSpan> _stalled;
    private long _since;

    /// <summary>Begins to watch.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="limit">Time after which a piece has stalled; null watches nothing.</param>
    /// <param name="stalled">Told, on another thread, how long the piece has taken; again and again while it goes on.</param>
    public StallWatch(TimeProvider clock, TimeSpan? limit, Action<TimeSpan> stalled)
    {
        (_clock, _limit, _stalled) = (clock, limit ?? TimeSpan.Zero, stalled);
        if (limit is { } time)
            _timer = clock.CreateTimer(_ => Look(), null, time / 4, time / 4);
    }

    /// <summary>How long the piece that is under way has taken, if that is too long; null when all is well. From any thread.</summary>
    public TimeSpan? StalledFor =>
        _timer is not null && Volatile.Read(ref _since) is not 0 and var since && _clock.GetElapsedTime(since) is var time && time >= _limit
            ? time
            : null;

    /// <summary>A piece begins; it ends when what this returns is disposed.</summary>
    public Watched Piece()
    {
        Volatile.Write(ref _since, Math.Max(1, _clock.GetTimestamp()));
        return new Watched(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>A piece that is under way.</summary>
    internal readonly struct Watched(StallWatch watch) : IDisposable
    {
        /// <summary>It has ended.</summary>
        public void Dispose() => Volatile.Write(ref watch._since, 0);
    }

    private void Look()
    {
        if (StalledFor is { } time)
            _stalled(time);
    }
}
