using StarKV.Runtime.Cuda;

namespace StarKV.Kernels;

/// <summary>The compiled kernels in a card's context. Thread-safe.</summary>
internal sealed class KernelModule : IKernelQueue
{
    private const int OverlapCapability = 90, UsualSharedBytes = 32 * 1024, DeclaredSharedBytes = 16 * 1024;
    private readonly KernelTable _table;
    private readonly nint _context;
    private readonly bool _overlaps;

    /// <summary>Loads machine code into a card's context.</summary>
    /// <param name="card">The card's number.</param>
    /// <param name="image">Machine code for its capability.</param>
    /// <param name="capability">Its compute capability, 90 for 9.0.</param>
    public KernelModule(int card, byte[] image, int capability)
    {
        _context = CudaDriver.Context(card);
        using var current = CudaDriver.Enter(_context);
        var module = KernelDriver.LoadModule(image);
        (MaxSharedBytes, Multiprocessors) = (CudaDriver.SharedBytes(card) - DeclaredSharedBytes, CudaDriver.Multiprocessors(card));
        _overlaps = capability >= OverlapCapability;
        _table = new KernelTable(
            name => KernelDriver.Function(module, name), function => KernelDriver.AllowShared(function, MaxSharedBytes));
    }

    /// <inheritdoc/>
    public int MaxSharedBytes { get; }

    /// <inheritdoc/>
    public int Multiprocessors { get; }

    /// <inheritdoc/>
    public void Queue(string name, Grid grid, Grid threads, int sharedBytes, ReadOnlySpan<KernelArgument> arguments, bool early)
    {
        using var current = CudaDriver.Enter(_context);
        KernelDriver.Launch(_table.Get(name, sharedBytes > UsualSharedBytes), grid, threads, sharedBytes, arguments, early && _overlaps);
    }
}
