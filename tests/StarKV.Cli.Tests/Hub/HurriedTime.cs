using System.Collections.Concurrent;

namespace StarKV.Cli.Tests.Hub;

/// <summary>A clock whose timers ring at once when they were set for less than an hour; it remembers what they were set for.</summary>
internal sealed class HurriedTime : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime >= TimeSpan.FromHours(1))
            return base.CreateTimer(callback, state, dueTime, period);
        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
