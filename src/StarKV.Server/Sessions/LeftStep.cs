using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>A step whose clients left before its answer was there. What was read for it is kept for whoever asks again.</summary>
/// <param name="Request">The request's turns.</param>
/// <param name="At">When the last of them had left.</param>
internal sealed record LeftStep(IReadOnlyList<ConversationMessage> Request, DateTimeOffset At)
{
    /// <summary>Time for which what was read is kept.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether it is over.</summary>
    public bool IsOver(DateTimeOffset now) => now - At > KeptFor;

    /// <summary>Whether a request's turns are its own.</summary>
    public bool IsOf(IReadOnlyList<ConversationMessage> turns) => TurnText.AreSame(Request, turns);
}
