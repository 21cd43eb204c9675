namespace StarKV.Text;

/// <summary>Where one screenshot is in the prompt: tokens <c>[Start, End)</c>, row-major over its merged grid.</summary>
/// <remarks>
/// Two spans are equal by place and grid, whatever is known of the markers around them. A map counts only markers that are in its sequence.
/// </remarks>
/// <param name="Start">Index of the first vision token.</param>
/// <param name="End">Index after the last vision token.</param>
/// <param name="Rows">Rows of the merged grid.</param>
/// <param name="Columns">Columns of the merged grid.</param>
public readonly record struct FrameSpan(int Start, int End, int Rows, int Columns)
{
    // As numbers of tokens, so that they move with Start and End.
    private readonly int _before, _after;

    /// <value>Vision tokens of the frame, rows × columns.</value>
    public int Length => End - Start;

    /// <value>The frame's merged grid.</value>
    public MergedGrid Grid => new(Rows, Columns);

    /// <value>Index of the first token of the markers before it; default <see cref="Start"/>. Moves with that; set it after it.</value>
    public int PartStart
    {
        get => Start - _before;
        init => _before = Start - value;
    }

    /// <value>Index after the last token of the markers behind it; default <see cref="End"/>. Moves with that; set it after it.</value>
    public int PartEnd
    {
        get => End + _after;
        init => _after = value - End;
    }

    /// <summary>True when the vision tokens and the grid are equal.</summary>
    public bool Equals(FrameSpan other) =>
        (Start, End, Rows, Columns) == (other.Start, other.End, other.Rows, other.Columns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Start, End, Rows, Columns);

    /// <summary>The frame this many tokens further on.</summary>
    internal FrameSpan Moved(int tokens) => this with { Start = Start + tokens, End = End + tokens };
}
