using System.Runtime.InteropServices;

namespace StarKV.Runtime;

/// <summary>Memory as the system reports it, in bytes.</summary>
/// <param name="ProcessBytes">Resident memory of this process.</param>
/// <param name="PeakProcessBytes">The most resident memory this process has had.</param>
/// <param name="DeviceFreeBytes">Free memory of the CUDA card by its driver; null on the CPU.</param>
/// <param name="DeviceTotalBytes">All memory of the CUDA card by its driver; null on the CPU.</param>
public readonly partial record struct MemoryReading(long ProcessBytes, long PeakProcessBytes, long? DeviceFreeBytes, long? DeviceTotalBytes)
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
        // The driver answers for the context that is current on this thread: torch's, which is the card's primary one.
        return Retain(out var context, compute.Device.index) == 0 && PushCurrent(context) == 0 && GetInfo(out var free, out var total) == 0 && PopCurrent(out _) == 0
            ? new MemoryReading(resident, peak, (long)free, (long)total)
            : throw new StarKvException("The CUDA driver does not answer cuMemGetInfo; check nvidia-smi.");
    }

    private static long StatusLine(string key)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(key.Length).Trim().ToString().Split(' ')[0]) * 1024;
        }

        return Environment.WorkingSet;
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int Retain(out nint context, int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int PushCurrent(nint context);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int PopCurrent(out nint context);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetInfo(out nuint free, out nuint total);
}
