using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Runs;

/// <summary>What is written of the drafts that answers' methods looked at.</summary>
internal static class Drafts
{
    /// <summary>The draft of an answer; null where its method looked at none.</summary>
    public static DraftRecord? Of(GroundingAnswer answer) => answer.Draft is { } draft
        ? new DraftRecord(draft.Tokens.Count, SampleTimes.Rounded(answer.Times.Draft), draft.HeldBytes)
        : null;
}
