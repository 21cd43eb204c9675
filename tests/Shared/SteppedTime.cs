namespace StarKV.Tests;

/// <summary>A clock that stands still until a test sets it.</summary>
internal sealed class SteppedTime : TimeProvider
{
    /// <summary>Time since the clock began.</summary>
    public TimeSpan Now { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.Ticks;
}
