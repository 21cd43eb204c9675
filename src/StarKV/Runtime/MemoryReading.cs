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

    private static long StatusLine(string key)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(key.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        }

        return Environment.WorkingSet;
    }
}
