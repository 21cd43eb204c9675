using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace StarKV.Runtime.Cuda;

/// <summary>
/// The few functions of the CUDA driver about a card, its context and its memory; those that launch kernels are in <c>Kernels</c>.
/// </summary>
internal static partial class CudaDriver
{
    /// <summary>The driver's library.</summary>
    public const string Library = "libcuda.so.1";

    private const int MultiprocessorCount = 16, CapabilityMajor = 75, CapabilityMinor = 76, MaxSharedBytes = 97;
    private const int NotReady = 600, OutOfMemory = 2;

    // Asked for before every wait; the driver counts each retaining.
    private static readonly ConcurrentDictionary<int, nint> s_contexts = new();

    /// <summary>The card's compute capability, 90 for 9.0.</summary>
    public static int Capability(int device)
    {
        Check(GetAttribute(out var major, CapabilityMajor, device), "cuDeviceGetAttribute");
        Check(GetAttribute(out var minor, CapabilityMinor, device), "cuDeviceGetAttribute");
        return 10 * major + minor;
    }

    /// <summary>The most shared memory that a block can be given, in bytes.</summary>
    public static int SharedBytes(int device)
    {
        Check(GetAttribute(out var bytes, MaxSharedBytes, device), "cuDeviceGetAttribute");
        return bytes;
    }

    /// <summary>How many multiprocessors a card has.</summary>
    public static int Multiprocessors(int device)
    {
        Check(GetAttribute(out var count, MultiprocessorCount, device), "cuDeviceGetAttribute");
        return count;
    }

    /// <summary>The context in which torch works on a card: its primary one.</summary>
    public static nint Context(int device) => s_contexts.GetOrAdd(device, static card =>
    {
        Check(RetainContext(out var context, card), "cuDevicePrimaryCtxRetain");
        return context;
    });

    /// <summary>
    /// Makes a context current on this thread until the result is disposed. Between its operations torch leaves that of the first card
    /// current.
    /// </summary>
    public static CurrentContext Enter(nint context) => new(context);

    /// <summary>Free memory of the current context's card, and all of it, in bytes.</summary>
    public static (long Free, long Total) Memory()
    {
        Check(GetMemory(out var free, out var total), "cuMemGetInfo");
        return ((long)free, (long)total);
    }

    /// <summary>
    /// Whether the current context's card still works on what was queued on the default stream. An error of that work is left to whoever
    /// waits for it.
    /// </summary>
    public static bool IsBusy() => StreamQuery(0) == NotReady;

    /// <summary>The pool from which a card's stream-ordered allocations come.</summary>
    public static nint DefaultPool(int device)
    {
        Check(GetDefaultPool(out var pool, device), "cuDeviceGetDefaultMemPool");
        return pool;
    }

    /// <summary>One of a pool's counts of bytes.</summary>
    public static long PoolBytes(nint pool, int attribute)
    {
        Check(GetPoolAttribute(pool, attribute, out var bytes), "cuMemPoolGetAttribute");
        return bytes;
    }

    /// <summary>Starts a pool's record of a peak again.</summary>
    public static void ClearPoolBytes(nint pool, int attribute) => Check(SetPoolAttribute(pool, attribute, 0), "cuMemPoolSetAttribute");

    /// <summary>Checks what a call of the driver gave.</summary>
    /// <exception cref="StarKvMemoryException">There is not enough memory on the card.</exception>
    /// <exception cref="InvalidOperationException">Any other error.</exception>
    public static void Check(int result, string call)
    {
        // Not a reason to go on without: the next request may find memory again.
        if (result == OutOfMemory)
            throw new StarKvMemoryException(
                $"There is not enough memory on the card for this request: the CUDA driver says so to {call}. "
                + MemoryShortage.SmallerRequest);
        if (result != 0)
            throw new InvalidOperationException($"The CUDA driver answers {result} to {call}.");
    }

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int RetainContext(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuCtxGetCurrent")]
    private static partial int GetCurrent(out nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int PushCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int PopCurrent(out nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemory(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cuStreamQuery")]
    private static partial int StreamQuery(nint stream);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetDefaultMemPool")]
    private static partial int GetDefaultPool(out nint pool, int device);

    [LibraryImport(Library, EntryPoint = "cuMemPoolGetAttribute")]
    private static partial int GetPoolAttribute(nint pool, int attribute, out long value);

    [LibraryImport(Library, EntryPoint = "cuMemPoolSetAttribute")]
    private static partial int SetPoolAttribute(nint pool, int attribute, in long value);

    /// <summary>A context that is current while this lives; nothing to do where it is current anyhow.</summary>
    public readonly ref struct CurrentContext : IDisposable
    {
        private readonly bool _pushed;

        public CurrentContext(nint context)
        {
            Check(GetCurrent(out var current), "cuCtxGetCurrent");
            if (current == context)
                return;
            Check(PushCurrent(context), "cuCtxPushCurrent");
            _pushed = true;
        }

        public void Dispose()
        {
            if (_pushed)
                Check(PopCurrent(out _), "cuCtxPopCurrent");
        }
    }
}
