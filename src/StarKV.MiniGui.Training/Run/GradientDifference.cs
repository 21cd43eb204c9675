using System.Diagnostics.CodeAnalysis;

namespace StarKV.MiniGui.Training.Run;

/// <summary>How far the gradients of a batch are from exact ones, as shares of their norms.</summary>
[Experimental("STARKV001")]
public sealed class GradientDifference
{
    internal GradientDifference()
    {
    }

    /// <value>Text tokens of the batch.</value>
    public int Tokens { get; internal init; }

    /// <value>Screenshots of the batch.</value>
    public int Frames { get; internal init; }

    /// <value>Where the question of its first pack stands: <c>first</c>, <c>last</c>, or <c>single</c> with one screenshot.</value>
    public string Form { get; internal init; } = "";

    /// <value>Of all weights.</value>
    public double Difference { get; internal init; }

    /// <value>The kind of matrix that is furthest.</value>
    public string FurthestKind { get; internal init; } = "";

    /// <value>Of that kind.</value>
    public double FurthestDifference { get; internal init; }
}
