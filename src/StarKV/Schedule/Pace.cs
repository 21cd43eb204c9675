namespace StarKV.Schedule;

/// <summary>How long a unit of work takes, learnt from what took how long.</summary>
internal sealed class Pace
{
    /// <summary>The share of what was known that a new measurement replaces.</summary>
    private const double News = 0.5;

    private double? _seconds;

    /// <summary>How many units fit into a time, 1 at least: a piece of work has to be done at some time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="units">Units that there are.</param>
    public int Fit(TimeSpan time, int units) =>
        _seconds is { } each && each > 0 ? (int)Math.Clamp(time.TotalSeconds / each, 1, units) : 1;

    /// <summary>What units will take; zero while nothing is known.</summary>
    public TimeSpan Of(double units) => TimeSpan.FromSeconds((_seconds ?? 0) * units);

    /// <summary>Learns from a measurement.</summary>
    public void Took(double units, TimeSpan time)
    {
        var each = time.TotalSeconds / Math.Max(units, 1);
        _seconds = _seconds is { } known ? known + News * (each - known) : each;
    }
}
