using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>
/// Numbers on their way from the host to a device. From pinned memory a card fetches them by itself: the host goes on, and what it queues
/// next waits for them.
/// </summary>
internal static class HostTensor
{
    /// <summary>
    /// An uninitialised tensor on the host, pinned if it is for a card; libtorch keeps the memory until the card has read it, and for the
    /// next time.
    /// </summary>
    public static Tensor Empty(long[] shape, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        return (device.type == TorchSharp.DeviceType.CUDA ? TorchOps.Call(
            "pinned_like", empty([1], type).expand(shape)) : empty(shape, type))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Numbers as a tensor on a device, [n], int64.</summary>
    public static Tensor Of(ReadOnlySpan<long> numbers, Device device)
    {
        using var scope = NewDisposeScope();
        var host = Empty([numbers.Length], ScalarType.Int64, device);
        numbers.CopyTo(MemoryMarshal.Cast<byte, long>(host.bytes));
        return host.to(device, non_blocking: true).MoveToOuterDisposeScope();
    }
}
