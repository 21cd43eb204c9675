using StarKV.Runtime;

namespace StarKV.Tests.Runtime;

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
        var before = MemoryReading.Now().ProcessBytes;
        var block = new byte[128 << 20];
        block.AsSpan().Fill(1);
        var after = MemoryReading.Now();
        GC.KeepAlive(block);
        Assert.True(after.PeakProcessBytes >= before + (96 << 20));
    }

    [Fact]
    public void Used_device_memory_is_total_without_free() => Assert.Equal(30, new MemoryReading(1, 2, 70, 100).DeviceUsedBytes);
}
