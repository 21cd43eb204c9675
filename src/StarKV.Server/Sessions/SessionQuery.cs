namespace StarKV.Server.Sessions;

/// <summary>What a request says about the session that it belongs to.</summary>
/// <param name="Scope">Whose it is: the sessions of other keys are never looked at.</param>
/// <param name="Settings">How its steps are compressed.</param>
/// <param name="Turns">All of its turns.</param>
internal sealed record SessionQuery(string Scope, SessionSettings Settings, IReadOnlyList<ConversationMessage> Turns)
{
    /// <value>What the client calls the conversation; null (default) for nothing.</value>
    public string? Name { get; init; }

    /// <value>A hint that requests are of one conversation; null (default) for none.</value>
    public string? CacheKey { get; init; }

    /// <value>The place in a session that the request goes on from; null (default) where it does not say.</value>
    public SessionPlace? After { get; init; }
}

/// <summary>A place in a session: after one of its responses.</summary>
/// <param name="Session">The session, which may be forgotten.</param>
/// <param name="Response">The response's id.</param>
/// <param name="Turns">All turns up to it, its answer last.</param>
internal sealed record SessionPlace(KeptSession Session, string Response, IReadOnlyList<ConversationMessage> Turns)
{
    /// <summary>Whether the session is still there, and nothing came after the place.</summary>
    public bool IsLast => !Session.IsGone && Session.LastResponse == Response;
}

/// <summary>By what a session was found.</summary>
internal static class FoundBy
{
    /// <summary>The response that the request continues.</summary>
    public const string PreviousResponse = "previous_response_id";

    /// <summary>The client's own name.</summary>
    public const string Name = "x-session-id";

    /// <summary>The client's hint.</summary>
    public const string CacheKey = "prompt_cache_key";

    /// <summary>What it has in common with the request.</summary>
    public const string Prefix = "longest common prefix";
}
