using System.Diagnostics.CodeAnalysis;

namespace StarKV.Schedule;

/// <summary>How many requests are worked on at the same time, and how they share the device.</summary>
/// <remarks>Immutable, so thread-safe.</remarks>
public sealed record EngineOptions
{
    /// <value>
    /// Most bytes on the device for requests and sessions, the model's weights not counted, above 0; null (default) for nine tenths of what
    /// is free when the model has been loaded. On the CPU the device's memory is the host's.
    /// </value>
    public long? DeviceBytes { get; init; }

    /// <value>
    /// Most bytes of sessions' rows in the host's memory, all sessions together, 0 or more; null (default) for half of what is free when
    /// the model has been loaded. Beyond it the sessions that were not asked for longest are read again at their next step.
    /// </value>
    public long? HostBytes { get; init; }

    /// <value>Most requests that wait to be let in, 1 or more; default 1,024. A further one is refused at once.</value>
    public int MaxWaiting { get; init; } = 1024;

    /// <value>Most requests that are worked on at the same time, 1 or more; default 64.</value>
    public int MaxRunning { get; init; } = 64;

    /// <value>
    /// Time that prompts are read for between two tokens of those who write, above 0; default 35 ms. One piece of a reading is always done:
    /// a layer, or a screenshot.
    /// </value>
    public TimeSpan ReadBetweenTokens { get; init; } = TimeSpan.FromMilliseconds(35);

    /// <value>Waiting time that counts as much as one step of priority, above 0; default 5 s.</value>
    public TimeSpan AgeAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>
    /// Time after which a piece of work that has not ended means that the device answers no more, above 0; null (default) for 2 minutes on
    /// a card, and never on the CPU.
    /// </value>
    public TimeSpan? StallAfter { get; init; }

    /// <summary>Returns these options when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    [Experimental("STARKV001")]
    public EngineOptions Bounded()
    {
        Check(DeviceBytes is null or > 0, nameof(DeviceBytes), DeviceBytes, "above 0, or null for nine tenths of what is free");
        Check(HostBytes is null or >= 0, nameof(HostBytes), HostBytes, "0 or more, or null for half of what is free");
        Check(MaxWaiting >= 1, nameof(MaxWaiting), MaxWaiting, "1 or more");
        Check(MaxRunning >= 1, nameof(MaxRunning), MaxRunning, "1 or more");
        Check(ReadBetweenTokens > TimeSpan.Zero, nameof(ReadBetweenTokens), ReadBetweenTokens, "above 0");
        Check(AgeAfter > TimeSpan.Zero, nameof(AgeAfter), AgeAfter, "above 0");
        Check(StallAfter is null || StallAfter > TimeSpan.Zero, nameof(StallAfter), StallAfter, "above 0, or null for the device's own");
        return this;

        static void Check(bool holds, string name, object? value, string bounds)
        {
            if (!holds)
                throw new StarKvException($"The engine's {name} is {value}; it must be {bounds}.");
        }
    }
}
