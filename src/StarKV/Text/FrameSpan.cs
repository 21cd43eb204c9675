namespace StarKV.Text;

/// <summary>Where one screenshot is in the prompt: tokens <c>[Start, End)</c>, row-major over its merged grid.</summary>
/// <param name="Start">Index of the first vision token.</param>
/// <param name="End">Index after the last vision token.</param>
/// <param name="Rows">Rows of the merged grid.</param>
/// <param name="Columns">Columns of the merged grid.</param>
public readonly record struct FrameSpan(int Start, int End, int Rows, int Columns)
{
    /// <value>Vision tokens of the frame, rows × columns.</value>
    public int Length => End - Start;

    /// <value>The frame's merged grid.</value>
    public MergedGrid Grid => new(Rows, Columns);
}
