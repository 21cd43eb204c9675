using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Runtime.Cuda;

/// <summary>
/// The driver's own record of a card's memory pool, which libtorch uses when PYTORCH_CUDA_ALLOC_CONF is <c>backend:cudaMallocAsync</c>.
/// </summary>
/// <remarks>Its reading counts what tensors hold; libtorch's usual allocator shows the driver only what it has reserved.</remarks>
[Experimental("STARKV001")]
public static class MemoryPool
{
    private const int ReservedHigh = 6, UsedNow = 7, UsedHigh = 8;

    /// <summary>Bytes in use now, and the most in use and reserved since the last <see cref="Reset"/>.</summary>
    /// <exception cref="StarKvException">libtorch does not use the pool.</exception>
    public static (long Used, long PeakUsed, long PeakReserved) Read(Device device) =>
        TryRead(device)
            ?? throw new StarKvException("libtorch does not use the driver's memory pool; " +
                "start the process with PYTORCH_CUDA_ALLOC_CONF=backend:cudaMallocAsync.");

    /// <summary>What <see cref="Read"/> gives; null where libtorch does not use the pool.</summary>
    public static (long Used, long PeakUsed, long PeakReserved)? TryRead(Device device)
    {
        var pool = CudaDriver.DefaultPool(device.index);
        return CudaDriver.PoolBytes(pool, UsedNow) is > 0 and var used
            ? (used, CudaDriver.PoolBytes(pool, UsedHigh), CudaDriver.PoolBytes(pool, ReservedHigh))
            : null;
    }

    /// <summary>Starts the record of peaks again.</summary>
    public static void Reset(Device device)
    {
        var pool = CudaDriver.DefaultPool(device.index);
        CudaDriver.ClearPoolBytes(pool, UsedHigh);
        CudaDriver.ClearPoolBytes(pool, ReservedHigh);
    }
}
