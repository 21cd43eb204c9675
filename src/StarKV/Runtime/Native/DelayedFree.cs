namespace StarKV.Runtime.Native;

/// <summary>Holds native blocks that may still be read, and frees each after a delay.</summary>
/// <param name="rest">Minimum time between <see cref="Add"/> and the freeing.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="free">Frees one block.</param>
/// <remarks>
/// Blocks are freed by a later <see cref="Add"/>, so the last ones stay. The thread-safe cost of one is a lock and a place in a list.
/// </remarks>
internal sealed class DelayedFree(TimeSpan rest, TimeProvider clock, Action<nint> free)
{
    private readonly Lock _gate = new();
    private List<nint> _younger = [], _older = [];
    private long _since = clock.GetTimestamp();

    /// <summary>Takes a block over.</summary>
    public void Add(nint block)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_since) >= rest)
            {
                // What is older came before the younger's first, and so has rested.
                _older.ForEach(free);
                _older.Clear();
                (_younger, _older) = (_older, _younger);
                _since = clock.GetTimestamp();
            }

            _younger.Add(block);
        }
    }
}
