using StarKV.Schedule;

namespace StarKV.Tests.Schedule;

public sealed class MemoryPlanTests
{
    private readonly Sessions _held = new();

    private sealed class Sessions : IHeldMemory
    {
        public Queue<long> Given { get; } = new();

        public long Kept { get; set; }

        public long DeviceBytes => Kept + Given.Sum();

        public long LastDeviceBytes => DeviceBytes;

        public bool Release() => Given.TryDequeue(out _);
    }

    private static JobTurn Turn() => new(new JobClient());

    [Fact]
    public void What_fits_is_promised_and_what_does_not_waits_until_somebody_ends()
    {
        var plan = new MemoryPlan(100, _held);
        var (first, second) = (Turn(), Turn());
        Assert.True(plan.Promise(first, 60));
        Assert.False(plan.Promise(second, 50));
        Assert.Equal(60, plan.Promised);
        plan.Lower(first, 40);
        Assert.True(plan.Promise(second, 60));
        plan.End(first);
        Assert.Equal(60, plan.Promised);
        // Nothing is promised twice, and a lower promise never grows.
        plan.Lower(second, 80);
        Assert.Equal(60, plan.Promised);
    }

    [Fact]
    public void Sessions_that_nobody_asks_give_way_one_by_one()
    {
        var plan = new MemoryPlan(100, _held);
        _held.Given.Enqueue(30);
        _held.Given.Enqueue(30);
        _held.Given.Enqueue(30);
        Assert.True(plan.Promise(Turn(), 40));
        Assert.Equal(60, plan.Held);
        Assert.True(plan.Promise(Turn(), 60));
        Assert.Equal(0, plan.Held);
    }

    [Fact]
    public void What_can_never_fit_is_refused_with_its_bytes()
    {
        var plan = new MemoryPlan(1_000, _held);
        var error = Assert.Throws<StarKvMemoryException>(() => plan.Promise(Turn(), 1_001));
        Assert.Contains("needs 1,001 bytes of 1,000 (EngineOptions.DeviceBytes)", error.Message, StringComparison.Ordinal);
        _held.Kept = 600;
        error = Assert.Throws<StarKvMemoryException>(() => plan.Promise(Turn(), 500));
        Assert.Contains("sessions hold 600", error.Message, StringComparison.Ordinal);
        Assert.True(plan.Promise(Turn(), 400));
        // Beside somebody who will end it waits.
        Assert.False(plan.Promise(Turn(), 400));
    }
}
