using StarKV.Decode;

namespace StarKV.Server.Reading;

/// <summary>What a chat request asks for.</summary>
/// <param name="Model">The model, as the client calls it.</param>
/// <param name="Turns">All messages, oldest first.</param>
/// <param name="Generation">How the answer is written.</param>
/// <param name="Session">How the conversation is read and found again.</param>
internal sealed record ChatRequest(
    string Model, IReadOnlyList<ConversationMessage> Turns, GenerationOptions Generation, SessionFields Session)
{
    /// <value>Whether the answer comes piece by piece; default false.</value>
    public bool Stream { get; init; }

    /// <value>Whether a stream ends with what was counted; default false.</value>
    public bool IncludeUsage { get; init; }
}

/// <summary>What a request says about its session.</summary>
/// <param name="Name">What the client calls the conversation; null for nothing.</param>
/// <param name="CacheKey">A hint that requests are of one conversation; null for none.</param>
/// <param name="Method">The compression method; null for the server's.</param>
/// <param name="Keep">How much of the cache is kept; null for the server's.</param>
internal sealed record SessionFields(string? Name, string? CacheKey, string? Method, string? Keep);

/// <summary>What a request of the responses dialect asks for.</summary>
/// <param name="Model">The model, as the client calls it.</param>
/// <param name="Turns">The messages that are new, oldest first.</param>
/// <param name="Generation">How the answer is written.</param>
/// <param name="Session">How the conversation is read and found again.</param>
internal sealed record ResponsesRequest(
    string Model, IReadOnlyList<ConversationMessage> Turns, GenerationOptions Generation, SessionFields Session)
{
    /// <value>Whether the answer comes piece by piece; default false.</value>
    public bool Stream { get; init; }

    /// <value>The response that is continued; null (default) for none.</value>
    public string? Previous { get; init; }

    /// <value>The system's words; null (default) for none, or those of the response that is continued.</value>
    public string? Instructions { get; init; }

    /// <value>Whether the response may be continued; default true.</value>
    public bool Store { get; init; } = true;

    /// <value>What the client wants to get back; default nothing.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
