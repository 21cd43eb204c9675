namespace StarKV.Kernels;

/// <summary>Where launches go: a card's queue, or a test's record.</summary>
internal interface IKernelQueue
{
    /// <summary>Dynamic shared memory that a block may ask for, besides what the kernels declare themselves, in bytes.</summary>
    int MaxSharedBytes { get; }

    /// <summary>Multiprocessors of the card.</summary>
    int Multiprocessors { get; }

    /// <summary>Queues a kernel.</summary>
    /// <param name="name">The kernel's name.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory of a block, in bytes.</param>
    /// <param name="arguments">Its arguments, in order.</param>
    /// <param name="early">Whether it may start before the kernel ahead of it has ended, where the card can do that.</param>
    void Queue(string name, Grid grid, Grid threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments, bool early);
}
