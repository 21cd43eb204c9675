namespace StarKV.Evaluation.Metrics;

/// <summary>Typed text is right when it is the expected text, character for character.</summary>
public static class ExactText
{
    /// <summary>Judges the first action of an answer.</summary>
    public static Verdict Judge(GroundingAnswer answer, string expected) => answer.Action is not { } action ? Verdict.Unreadable
        : action.Name == "type" && action.Text == expected ? Verdict.Right : Verdict.Wrong;
}
