using System.Runtime.InteropServices;
using StarKV.Runtime;

namespace StarKV.Tests.Runtime;

[Collection(ProcessWideState.Name)]
public sealed class MemoryReadingTests
{
    [Fact]
    public void The_process_has_memory_and_a_peak_not_below_it()
    {
        var reading = MemoryReading.Now();
        Assert.InRange(reading.ProcessBytes, 10L << 20, 1L << 40);
        Assert.True(reading.PeakProcessBytes >= reading.ProcessBytes);
        Assert.Equal((null, null, null), (reading.DeviceFreeBytes, reading.DeviceTotalBytes, reading.DeviceUsedBytes));
    }

    [Fact]
    public void The_cpu_has_no_device_memory() => Assert.Null(MemoryReading.Now(Compute.Choose("cpu")).DeviceUsedBytes);

    [Fact]
    public void Touched_memory_is_counted()
    {
        // Outside the managed heap, whose own growing and shrinking would hide it; half of it is margin for that.
        const int size = 512 << 20;
        var chunk = new byte[1 << 20];
        chunk.AsSpan().Fill(1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = MemoryReading.Now().ProcessBytes;
        var block = Marshal.AllocHGlobal(size);
        try
        {
            for (var offset = 0; offset < size; offset += chunk.Length)
                Marshal.Copy(chunk, 0, block + offset, chunk.Length);
            var after = MemoryReading.Now();
            Assert.InRange(after.ProcessBytes, before + size / 2, long.MaxValue);
            Assert.InRange(after.PeakProcessBytes, after.ProcessBytes, long.MaxValue);
        }
        finally
        {
            Marshal.FreeHGlobal(block);
        }
    }

    [Fact]
    public void Used_device_memory_is_total_without_free() => Assert.Equal(30, new MemoryReading(1, 2, 70, 100).DeviceUsedBytes);
}
