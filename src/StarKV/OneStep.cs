namespace StarKV;

/// <summary>Lets one step of a session be under way at a time. Thread-safe.</summary>
internal sealed class OneStep
{
    private int _busy;

    /// <summary>A step begins.</summary>
    /// <exception cref="StarKvException">Another one is under way.</exception>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new StarKvException("A step of this session is under way; wait for its answer, or fork the session before.");
    }

    /// <summary>It has ended, one way or the other.</summary>
    public void End() => Volatile.Write(ref _busy, 0);
}
