using StarKV.Server.Turns;

namespace StarKV.Server.Sessions;

/// <summary>A session that one request has for itself until it is disposed.</summary>
/// <param name="table">The table.</param>
/// <param name="session">The session.</param>
/// <param name="comparison">What it holds, compared with the request.</param>
/// <param name="by">By what it was found; null where it is new.</param>
internal sealed class SessionClaim(SessionTable table, KeptSession session, TurnComparison comparison, string? by) : IDisposable
{
    private bool _given;

    /// <summary>The session.</summary>
    public KeptSession Session { get; } = session;

    /// <summary>What it holds, compared with the request.</summary>
    public TurnComparison Comparison { get; } = comparison;

    /// <summary>By what it was found; null where it is new.</summary>
    public string? By { get; } = by;

    /// <summary>Ends the claim; the session is as its last finished step left it.</summary>
    public void Dispose()
    {
        if (_given)
            return;
        _given = true;
        table.Give(Session);
    }
}
