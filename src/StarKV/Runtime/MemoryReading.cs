using System.Globalization;
using StarKV.Runtime.Cuda;

namespace StarKV.Runtime;

/// <summary>Memory as the system reports it, in bytes.</summary>
/// <param name="ProcessBytes">Resident memory of this process.</param>
/// <param name="PeakProcessBytes">The most resident memory this process has had.</param>
/// <param name="DeviceFreeBytes">Free memory of the CUDA card by its driver; null on the CPU.</param>
/// <param name="DeviceTotalBytes">All memory of the CUDA card by its driver; null on the CPU.</param>
public readonly record struct MemoryReading(long ProcessBytes, long PeakProcessBytes, long? DeviceFreeBytes, long? DeviceTotalBytes)
{
    /// <summary>Used memory of the CUDA card, by every process; null on the CPU.</summary>
    public long? DeviceUsedBytes => DeviceTotalBytes - DeviceFreeBytes;

    /// <summary>Reads the memory now.</summary>
    /// <param name="compute">The device to read; null reads the process alone.</param>
    public static MemoryReading Now(Compute? compute = null)
    {
        var (resident, peak) = (StatusLine("VmRSS:"), StatusLine("VmHWM:"));
        if (compute is not { IsCuda: true })
            return new MemoryReading(resident, peak, null, null);

        compute.Synchronize();
        try
        {
            using var current = CudaDriver.Enter(CudaDriver.Context(compute.Device.index));
            var (free, total) = CudaDriver.Memory();
            return new MemoryReading(resident, peak, free, total);
        }
        catch (InvalidOperationException e)
        {
            throw new StarKvException($"{e.Message} Check nvidia-smi.", e);
        }
    }

    /// <summary>Free memory of the host in bytes, within what the process's control group may use; very large where nobody says.</summary>
    internal static long HostFreeBytes()
    {
        var free = Number("/proc/meminfo", "MemAvailable:") is { } kilobytes ? kilobytes << 10 : long.MaxValue / 16;
        return Number("/sys/fs/cgroup/memory.max", "") is { } most && Number("/sys/fs/cgroup/memory.current", "") is { } used
            ? Math.Min(free, Math.Max(most - used, 0))
            : free;
    }

    private static long StatusLine(string key) =>
        Number("/proc/self/status", key) is { } kilobytes ? kilobytes << 10 : Environment.WorkingSet;

    /// <summary>The number after the beginning of a line of the system's; null where there is none.</summary>
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
