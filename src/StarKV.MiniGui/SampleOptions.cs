namespace StarKV.MiniGui;

/// <summary>How much a sample holds.</summary>
public sealed record SampleOptions
{
    /// <summary>The defaults.</summary>
    public static SampleOptions Default { get; } = new();

    /// <value>Questions about a single screen, or about a history's last frame, at most; 1 or more, default 10.</value>
    public int Questions { get; init; } = 10;

    /// <value>
    /// Probability that a group of elements is followed by another while there
    /// is room, 0–1; default 0.97. Low values make sparse, easy screens.
    /// </value>
    public double Density { get; init; } = 0.97;

    /// <value>
    /// Frames of a history at most, 2–8; default 5. With 2 no history whose instruction
    /// comes first needs an earlier frame, with 3 none types a remembered word.
    /// </value>
    public int MaxFrames { get; init; } = 5;

    /// <value>
    /// Share of histories that ask for an earlier frame, 0–1; default 0.6. Two thirds of them remember a word, one third a row.
    /// </value>
    public double MemoryShare { get; init; } = 0.6;

    /// <value>
    /// True asks for words, values and entries of menus more often than tests do,
    /// and on most single screens for a list of some elements; default false.
    /// They are rare among clicks, and learned last.
    /// </value>
    public bool Drill { get; init; }

    /// <value>
    /// True begins every answer and past action with a thought, as UI-TARS does: <c>Thought: …</c>, a line feed, and the action. Thoughts
    /// have 6 to 25 tokens of the shipped model and are true of what the question sees. All else of a sample is as without them; lists
    /// have none. Default false.
    /// </value>
    public bool Thoughts { get; init; }

    /// <value>
    /// What makes the sample harder; null (default) draws the plain world, as every seed always did. Histories take
    /// <see cref="Challenge.LongText"/> alone. Splits are train and test; a single screen's drills are the plain world's alone.
    /// </value>
    public Challenge? Challenge { get; init; }
}
