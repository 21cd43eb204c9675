using Microsoft.Extensions.Time.Testing;
using StarKV.Schedule;

namespace StarKV.Tests.Schedule;

public sealed class StallWatchTests
{
    [Fact]
    public void A_piece_that_does_not_end_is_told_and_one_that_ends_is_not()
    {
        var clock = new FakeTimeProvider();
        List<TimeSpan> told = [];
        using var watch = new StallWatch(clock, TimeSpan.FromSeconds(8), told.Add);
        for (var i = 0; i < 5; i++)
        {
            using (watch.Piece())
                clock.Advance(TimeSpan.FromSeconds(7));
            clock.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Empty(told);
        var piece = watch.Piece();
        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.InRange(told[0], TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.FromSeconds(12), watch.StalledFor);
        piece.Dispose();
        Assert.Null(watch.StalledFor);
        told.Clear();
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(told);
    }

    [Fact]
    public void Without_a_limit_nothing_is_watched()
    {
        var clock = new FakeTimeProvider();
        using var watch = new StallWatch(clock, null, _ => Assert.Fail("told"));
        watch.Piece();
        clock.Advance(TimeSpan.FromDays(1));
    }
}
