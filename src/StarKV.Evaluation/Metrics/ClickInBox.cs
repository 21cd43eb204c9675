using StarKV.Input;

namespace StarKV.Evaluation.Metrics;

/// <summary>A click is right when its pixel is inside the target's box.</summary>
public static class ClickInBox
{
    /// <summary>Judges the first action of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="box">The target in pixels of the last screenshot; its right and bottom edges are outside.</param>
    public static Verdict Judge(GroundingAnswer answer, PixelBox box) => answer.Action is not { } action ? Verdict.Unreadable
        : action.Name == "click" && answer.Point is { } point && box.Contains(point) ? Verdict.Right : Verdict.Wrong;
}
