using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Tests.Metrics;

public sealed class IntervalAndTestTests
{
    // By hand from Wilson's formula with z = 1.959964.
    [Theory]
    [InlineData(0, 10, 0, 0, 0.277533)]
    [InlineData(10, 10, 1, 0.722467, 1)]
    [InlineData(8, 10, 0.8, 0.490162, 0.943318)]
    [InlineData(50, 100, 0.5, 0.403832, 0.596168)]
    [InlineData(0, 0, 0, 0, 1)]
    public void Wilson_s_interval(int right, int n, double share, double low, double high)
    {
        var interval = Wilson.Of(right, n);
        Assert.Equal((share, low, high), (interval.Share, Math.Round(interval.Low, 6), Math.Round(interval.High, 6)));
    }

    // 2 · P(at most min(b, c) heads in b + c throws), at most 1.
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 5, 0.0625)]
    [InlineData(1, 9, 0.021484375)]
    [InlineData(3, 3, 1)]
    [InlineData(10, 2, 0.03857421875)]
    public void McNemar_s_exact_test(int onlyFirst, int onlySecond, double p)
    {
        Assert.Equal(p, McNemar.P(onlyFirst, onlySecond), 1e-12);
        Assert.Equal(p, McNemar.P(onlySecond, onlyFirst), 1e-12);
    }

    [Fact]
    public void McNemar_s_test_stands_thousands_of_tasks() => Assert.InRange(McNemar.P(1400, 1600), 2e-4, 4e-4);

    [Fact]
    public void Holm_s_correction_keeps_the_order_given() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Holm_s_correction_stops_at_one() => Assert.Equal([1, 1], Holm.Adjust([0.7, 0.6]));

    [Fact]
    public void The_bootstrap_repeats_itself_and_holds_the_mean()
    {
        var differences = Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? -1 : i % 4 == 0 ? 1 : 0).ToList();
        var interval = Bootstrap.Interval(differences);
        Assert.Equal(interval, Bootstrap.Interval(differences));
        Assert.InRange(differences.Average(), interval.Low, interval.High);
        // The standard error is about 0.039, so the interval is about 4 of them wide.
        Assert.InRange(interval.High - interval.Low, 0.11, 0.19);
        Assert.Equal((0, 0), Bootstrap.Interval([]));
        Assert.Equal((1, 1), Bootstrap.Interval([1, 1, 1]));
    }
}
