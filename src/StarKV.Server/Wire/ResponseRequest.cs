using System.ComponentModel.DataAnnotations;
using StarKV.Server.OpenApi;

namespace StarKV.Server.Wire;

/// <summary>What a request of the responses dialect may ask for.</summary>
/// <inheritdoc cref="ChatCompletionRequest" path="/remarks"/>
internal sealed record ResponseRequest
{
    /// <value>The model, as the server calls it.</value>
    public required string Model { get; init; }

    /// <value>A text, or messages: what is new since the response that is continued.</value>
    [Either(typeof(string), typeof(IReadOnlyList<RequestMessage>))]
    public required object Input { get; init; }

    /// <value>The response that is continued.</value>
    public string? PreviousResponseId { get; init; }

    /// <value>The system's words; those of the response that is continued where they are absent.</value>
    public string? Instructions { get; init; }

    /// <value>Longest answer in tokens; default 512.</value>
    [Range(1, int.MaxValue)]
    public int? MaxOutputTokens { get; init; }

    /// <value>How freely tokens are drawn; default 0, the likeliest always.</value>
    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    /// <value>The share of probability that is drawn among; default 1.</value>
    [Range(0.0, 1.0)]
    public double? TopP { get; init; }

    /// <value>The draw's seed; default 0.</value>
    public long? Seed { get; init; }

    /// <value>Whether the answer comes as server-sent events; default false.</value>
    public bool? Stream { get; init; }

    /// <value>Whether the response can be read and continued; default true.</value>
    public bool? Store { get; init; }

    /// <value>Texts that come back with the response.</value>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <value>A hint that requests are of one conversation.</value>
    public string? PromptCacheKey { get; init; }

    /// <value>Fields of this server's own.</value>
    public SessionRequest? Starkv { get; init; }
}
