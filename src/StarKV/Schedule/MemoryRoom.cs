using StarKV.Runtime;

namespace StarKV.Schedule;

/// <summary>Bytes that requests and sessions have, when a model has been loaded.</summary>
/// <param name="DeviceBytes">On the device.</param>
/// <param name="HostBytes">In the host's memory, for rows of sessions.</param>
internal readonly record struct MemoryRoom(long DeviceBytes, long HostBytes)
{
    /// <summary>The room beside a loaded model.</summary>
    /// <param name="compute">The device.</param>
    /// <param name="options">What the caller has set.</param>
    /// <param name="screenCacheBytes">Bytes that screenshots' embeddings may take, which are not there for requests.</param>
    public static MemoryRoom Of(Compute compute, EngineOptions options, long screenCacheBytes)
    {
        var host = MemoryReading.HostFreeBytes();
        var free = compute.IsCuda ? MemoryReading.Now(compute).DeviceFreeBytes!.Value : host;
        return new MemoryRoom(options.DeviceBytes ?? Math.Max(free / 10 * 9 - screenCacheBytes, 1), options.HostBytes ?? host / 2);
    }
}
