using StarKV.Decode;
using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>A step that was answered: a client that asks for it again, since the answer did not reach it, gets the same one.</summary>
/// <param name="Request">The request's turns.</param>
/// <param name="Generation">How the answer was written.</param>
/// <param name="Answer">The answer.</param>
/// <param name="At">When it was finished.</param>
internal sealed record LastStep(
    IReadOnlyList<ConversationMessage> Request, GenerationOptions Generation, GroundingAnswer Answer, DateTimeOffset At)
{
    private static readonly IReadOnlyList<string> s_noStops = [];

    /// <summary>Time for which an answer that did not reach its client is sent again.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromMinutes(2);

    /// <value>Whether it was written to its client to the end; default false.</value>
    public bool IsDelivered { get; set; }

    /// <summary>
    /// Whether it is the answer to a request: an equal one that came while it was written, or after it and in time where nobody got it.
    /// </summary>
    /// <param name="turns">The request's turns.</param>
    /// <param name="generation">How it wants its answer to be written.</param>
    /// <param name="came">When it came.</param>
    /// <param name="now">The time.</param>
    public bool Answers(
        IReadOnlyList<ConversationMessage> turns, GenerationOptions generation, DateTimeOffset came, DateTimeOffset now) =>
        (came < At || (!IsDelivered && now - At <= KeptFor)) && AreEqual(Request, Generation, turns, generation);

    /// <summary>Whether two requests ask for one answer: equal turns, answered in one way.</summary>
    public static bool AreEqual(
        IReadOnlyList<ConversationMessage> turns, GenerationOptions generation,
        IReadOnlyList<ConversationMessage> otherTurns, GenerationOptions otherGeneration) =>
        generation with { StopStrings = s_noStops } == otherGeneration with { StopStrings = s_noStops }
        && generation.StopStrings.SequenceEqual(otherGeneration.StopStrings)
        && TurnText.AreSame(turns, otherTurns);
}
