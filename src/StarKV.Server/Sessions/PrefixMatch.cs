using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>Finds the session that has most in common with a request.</summary>
internal static class PrefixMatch
{
    /// <summary>Tokens that a session and a request must have in common, unless they share a screenshot.</summary>
    private const long LeastTokens = 64;

    /// <summary>A session of which less than this share of a request is known is no help.</summary>
    private const double LeastShare = 0.25;

    /// <summary>The best session; null where none has enough in common.</summary>
    /// <param name="sessions">Idle sessions, the one that was used last first.</param>
    /// <param name="turns">The request's turns.</param>
    public static (KeptSession Session, TurnComparison Comparison)? Best(
        IEnumerable<KeptSession> sessions, IReadOnlyList<ConversationMessage> turns)
    {
        (KeptSession, TurnComparison)? best = null;
        var most = -1L;
        foreach (var session in sessions)
        {
            var comparison = TurnComparison.Of(session.Turns, turns);
            var common = CommonTokens(comparison);
            if (common > most && IsEnough(comparison, common))
                (best, most) = ((session, comparison), common);
        }

        return best;
    }

    /// <summary>The comparison, or that of an empty session where too little is in common.</summary>
    public static TurnComparison OrNew(TurnComparison comparison) =>
        comparison.Outcome == Outcome.Cut && CommonTokens(comparison) < LeastShare * TurnText.Tokens(comparison.Turns)
            ? TurnComparison.Of([], comparison.Turns)
            : comparison;

    /// <summary>Whether a session would lose more by going on with a request than the request gains.</summary>
    public static bool LosesMore(KeptSession session, TurnComparison comparison) =>
        comparison.Outcome == Outcome.Cut
        && TurnText.Tokens(session.Turns) - CommonTokens(comparison) > CommonTokens(comparison);

    private static bool IsEnough(TurnComparison comparison, long common) =>
        comparison.Outcome != Outcome.New && OrNew(comparison).Outcome != Outcome.New
        && (common >= LeastTokens || Common(comparison).Any(t => TurnText.Screens(t) > 0));

    private static IEnumerable<ConversationMessage> Common(TurnComparison comparison) =>
        comparison.Turns.Take(comparison.Turns.Count - comparison.Read);

    private static long CommonTokens(TurnComparison comparison) => TurnText.Tokens(Common(comparison));
}
