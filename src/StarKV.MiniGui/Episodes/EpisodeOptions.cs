namespace StarKV.MiniGui.Episodes;

/// <summary>How long an episode is, and how much of it must be remembered.</summary>
public sealed record EpisodeOptions
{
    /// <summary>The defaults.</summary>
    public static EpisodeOptions Default { get; } = new();

    /// <value>Steps, 4–40; default 10.</value>
    public int Steps { get; init; } = 10;

    /// <value>
    /// Screens of a window, the current one included, 3–10; default 5. What is remembered was seen within
    /// the window or before it, at most five steps before.
    /// </value>
    public int Window { get; init; } = 5;

    /// <value>Share of what is remembered that was seen before the window, as far as the episode is long enough, 0–1; default 0.5.</value>
    public double BeyondShare { get; init; } = 0.5;

    /// <value>Probability that a message with values opens at a step with nothing else to do, 0–1; default 0.5.</value>
    public double MemoryShare { get; init; } = 0.5;

    /// <value>
    /// Probability that a group of elements is followed by another while there
    /// is room, 0–1; default 0.97. Low values make sparse, easy screens.
    /// </value>
    public double Density { get; init; } = 0.97;

    internal void Check()
    {
        InRange(Steps, 4, 40, nameof(Steps));
        InRange(Window, 3, 10, nameof(Window));
        InRange(BeyondShare, 0, 1, nameof(BeyondShare));
        InRange(MemoryShare, 0, 1, nameof(MemoryShare));
        InRange(Density, 0, 1, nameof(Density));
    }

    private static void InRange(double value, double first, double last, string name)
    {
        if (!(value >= first && value <= last))
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be {first} to {last}."));
    }
}
