using TorchSharp;

namespace StarKV.Observe;

/// <summary>Counts, thread by thread, the tensors that answers leave in sessions' memories on purpose.</summary>
/// <remarks>A memory may hold states of anybody's methods, so the tensors are counted around what changes them, not in them.</remarks>
internal static class MemoryTensors
{
    [ThreadStatic]
    private static long s_held;

    [ThreadStatic]
    private static Change? s_open;

    /// <summary>
    /// Tensors in memories that count as alive on the calling thread. One that another thread frees stays counted as alive and as held.
    /// </summary>
    public static long OfThisThread => s_held;

    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>
    /// Begins a piece of work on a memory: what it leaves alive at its end,
    /// or frees, is the memory's. It ends on the thread on which it began.
    /// </summary>
    public static IDisposable Begin() => new Change();

    /// <summary>
    /// Leaves one tensor, made by the work that has begun, out of the count: it is somebody else's. Without such work nothing happens.
    /// </summary>
    public static void LeaveOut() => s_open?.LeaveOut();

    private sealed class Change : IDisposable
    {
        private readonly Change? _outer = s_open;
        private long _before = Live;

        public Change() => s_open = _outer ?? this;

        public void LeaveOut() => _before++;

        public void Dispose()
        {
            s_open = _outer;
            // Inside of other work on a memory it is counted there.
            if (_outer is null)
                s_held += Live - _before;
        }
    }
}
