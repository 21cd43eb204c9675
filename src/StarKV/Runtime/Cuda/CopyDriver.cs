using System.Runtime.InteropServices;

namespace StarKV.Runtime.Cuda;

/// <summary>The few functions of the CUDA driver that copy between host and card beside the work that torch queues.</summary>
internal static partial class CopyDriver
{
    private const uint NonBlocking = 1, WithoutTiming = 2;

    /// <summary>A queue beside the default one, which does not wait for it.</summary>
    public static nint NewStream()
    {
        CudaDriver.Check(StreamCreate(out var stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    /// <summary>A mark that can be set in one queue and waited for in another.</summary>
    public static nint NewEvent()
    {
        CudaDriver.Check(EventCreate(out var made, WithoutTiming), "cuEventCreate");
        return made;
    }

    /// <summary>Sets a mark after all that is queued in a stream; 0 is the default one.</summary>
    public static void Record(nint mark, nint stream) => CudaDriver.Check(EventRecord(mark, stream), "cuEventRecord");

    /// <summary>What is queued in a stream from now on waits for a mark.</summary>
    public static void Wait(nint stream, nint mark) => CudaDriver.Check(StreamWaitEvent(stream, mark, 0), "cuStreamWaitEvent");

    /// <summary>Queues a copy from pinned memory to the card.</summary>
    public static void ToCard(long card, long host, long bytes, nint stream) =>
        CudaDriver.Check(MemcpyToCard(card, host, (nuint)bytes, stream), "cuMemcpyHtoDAsync");

    /// <summary>Queues a copy from the card to pinned memory.</summary>
    public static void ToHost(long host, long card, long bytes, nint stream) =>
        CudaDriver.Check(MemcpyToHost(host, card, (nuint)bytes, stream), "cuMemcpyDtoHAsync");

    /// <summary>The host waits for a stream.</summary>
    public static void Finish(nint stream) => CudaDriver.Check(StreamSynchronize(stream), "cuStreamSynchronize");

    /// <summary>Frees a stream when its work is done, without an error: it is called where things end.</summary>
    public static void FreeStream(nint stream) => _ = StreamDestroy(stream);

    /// <summary>Frees a mark.</summary>
    public static void FreeEvent(nint mark) => _ = EventDestroy(mark);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamCreate")]
    private static partial int StreamCreate(out nint stream, uint flags);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamDestroy_v2")]
    private static partial int StreamDestroy(nint stream);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamSynchronize")]
    private static partial int StreamSynchronize(nint stream);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuStreamWaitEvent")]
    private static partial int StreamWaitEvent(nint stream, nint mark, uint flags);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuEventCreate")]
    private static partial int EventCreate(out nint mark, uint flags);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuEventDestroy_v2")]
    private static partial int EventDestroy(nint mark);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuEventRecord")]
    private static partial int EventRecord(nint mark, nint stream);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    private static partial int MemcpyToCard(long card, long host, nuint bytes, nint stream);

    [LibraryImport(CudaDriver.Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    private static partial int MemcpyToHost(long host, long card, nuint bytes, nint stream);
}
