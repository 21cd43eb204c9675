using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Sessions;

namespace StarKV.Server.Answering;

/// <summary>A step whose conversation has been read: what is known of it before its answer.</summary>
/// <param name="Kept">Its session.</param>
/// <param name="Outcome">How the request was related to what was held.</param>
internal sealed record StepBegun(KeptSession Kept, Outcome Outcome)
{
    /// <value>The id of the response that the step gives; null (default) for none.</value>
    public string? ResponseId { get; init; }

    /// <summary>Headers of ours that may go out with the first token.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers =>
        [("X-StarKV-Session", Kept.Id), ("X-StarKV-Outcome", StepResult.NameOf(Outcome))];

    /// <summary>What became of what the turns promised: rows that should be there may be gone.</summary>
    /// <param name="compared">How the turns are related.</param>
    /// <param name="read">What the engine has read.</param>
    public static Outcome OutcomeOf(Outcome compared, StepReport read) => compared is not (Outcome.Append or Outcome.Slide) ? compared
        : read.Rebased ? Outcome.Rebased
        : read.ReadAgain ? Outcome.Rebuilt
        : compared;
}
