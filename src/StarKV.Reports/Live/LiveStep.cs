using StarKV.Input;

namespace StarKV.Reports.Live;

/// <summary>A request of a session as <see cref="LivePage"/> shows it.</summary>
/// <param name="Number">Its number among the session's, from 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="Outcome">How it was related to what was held, such as <c>append</c>; or how it failed.</param>
/// <param name="Words">What was asked last, in words; may be empty.</param>
/// <param name="Screens">The screenshots of its conversation, oldest first; none for words alone.</param>
public sealed record LiveStep(int Number, DateTimeOffset At, string Outcome, string Words, IReadOnlyList<Screenshot> Screens)
{
    /// <value>The answer, whose kept cells are those of <see cref="Screens"/>; null (default) where there is none.</value>
    public GroundingAnswer? Answer { get; init; }

    /// <value>Why there is no answer; default empty.</value>
    public string Error { get; init; } = "";

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"request {Number}: {Outcome}, {ListText.Count(Screens.Count, "screenshot")}, {Answer?.Text ?? Error}");
}
