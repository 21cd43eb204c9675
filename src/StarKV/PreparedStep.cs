using StarKV.Account;
using StarKV.Sessions;

namespace StarKV;

/// <summary>A step of a session that is ready to be read.</summary>
/// <param name="Prompt">The whole conversation, and the new screenshots.</param>
/// <param name="Number">The step's number, from 1.</param>
/// <param name="Frames">Its screenshots, oldest first.</param>
/// <param name="FramesLeaving">Screenshots that leave with it.</param>
internal sealed record PreparedStep(PreparedPrompt Prompt, int Number, IReadOnlyList<SessionFrame> Frames, int FramesLeaving)
{
    /// <value>Ranges of the tokens held that leave first, the last ones first.</value>
    public required Func<SessionRows?, IReadOnlyList<(int Start, int End)>> Dropped { get; init; }
}

/// <summary>What a session is after a step.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Kept">The prompt tokens that its cache held.</param>
internal sealed record StepTaken(GroundingAnswer Answer, KeptTokens Kept);
