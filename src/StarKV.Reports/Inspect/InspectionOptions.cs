using StarKV.Compact;
using StarKV.Input;

namespace StarKV.Reports.Inspect;

/// <summary>What is inspected of one prompt.</summary>
public sealed record InspectionOptions : AnswerOptions
{
    /// <value>The compressions that are compared, at least one; each gives a cache and an answer of its own.</value>
    public required IReadOnlyList<Compression> Compressions { get; init; }

    /// <value>
    /// Gives every method as many tokens as hold the same bytes, see <see cref="Score.Wrappers.EqualBytes"/>; default false: the same
    /// number of tokens.
    /// </value>
    public bool MatchBytes { get; init; }

    /// <value>Where the right answer lies on the last screenshot, in its pixels; null (default) when unknown.</value>
    public PixelBox? Target { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Of(Compressions)}, {base.ToString()}";
}
