using System.Globalization;
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
        var host = HostFree();
        var free = compute.IsCuda ? MemoryReading.Now(compute).DeviceFreeBytes!.Value : host;
        return new MemoryRoom(options.DeviceBytes ?? Math.Max(free / 10 * 9 - screenCacheBytes, 1), options.HostBytes ?? host / 2);
    }

    /// <summary>Free memory of the host, within what the process's control group may use.</summary>
    private static long HostFree()
    {
        var free = Number("/proc/meminfo", "MemAvailable:") is { } kilobytes ? kilobytes << 10 : long.MaxValue / 16;
        return Number("/sys/fs/cgroup/memory.max", "") is { } most && Number("/sys/fs/cgroup/memory.current", "") is { } used
            ? Math.Min(free, Math.Max(most - used, 0))
            : free;
    }

    /// <summary>The number after the first line's beginning that fits; null where the system has none.</summary>
    private static long? Number(string file, string beginning)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal));
            var digits = line?[beginning.Length..].Trim().Split(' ')[0];
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
