using StarKV.Kernels;

namespace StarKV.Tests.Kernels;

/// <summary>Launches written down instead of queued: those of a card with 132 multiprocessors.</summary>
internal sealed class RecordedQueue : IKernelQueue
{
    /// <summary>What was launched, in order.</summary>
    public List<RecordedLaunch> Launches { get; } = [];

    /// <inheritdoc/>
    public int MaxSharedBytes => 200 * 1024;

    /// <inheritdoc/>
    public int Multiprocessors => 132;

    /// <inheritdoc/>
    public void Queue(string name, Grid grid, Grid threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments, bool early) =>
        Launches.Add(new RecordedLaunch(name, grid, threads, sharedBytes, [.. arguments], early));
}

/// <summary>One launch.</summary>
internal sealed record RecordedLaunch(string Name, Grid Grid, Grid Threads, int SharedBytes, KernelArgument[] Arguments, bool Early);
