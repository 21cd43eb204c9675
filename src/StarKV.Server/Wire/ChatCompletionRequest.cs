using System.ComponentModel.DataAnnotations;
using StarKV.Server.OpenApi;

namespace StarKV.Server.Wire;

/// <summary>What a chat request may ask for.</summary>
/// <remarks>
/// Bodies are read as documents, by <see cref="Reading.RequestReader"/>; this describes them for clients, and is never made.
/// </remarks>
internal sealed record ChatCompletionRequest
{
    /// <value>The model, as the server calls it.</value>
    public required string Model { get; init; }

    /// <value>The whole conversation, oldest first.</value>
    [MinLength(1)]
    public required IReadOnlyList<RequestMessage> Messages { get; init; }

    /// <value>Longest answer in tokens; default 512.</value>
    [Range(1, int.MaxValue)]
    public int? MaxTokens { get; init; }

    /// <value>Another name of max_tokens.</value>
    [Range(1, int.MaxValue)]
    public int? MaxCompletionTokens { get; init; }

    /// <value>How freely tokens are drawn; default 0, the likeliest always.</value>
    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    /// <value>The share of probability that is drawn among; default 1.</value>
    [Range(0.0, 1.0)]
    public double? TopP { get; init; }

    /// <value>The draw's seed; default 0.</value>
    public long? Seed { get; init; }

    /// <value>Up to 4 texts of up to 64 characters that end the answer.</value>
    [Either(typeof(string), typeof(IReadOnlyList<string>))]
    public object? Stop { get; init; }

    /// <value>Whether the answer comes as server-sent events; default false.</value>
    public bool? Stream { get; init; }

    /// <value>How a stream ends.</value>
    public StreamOptions? StreamOptions { get; init; }

    /// <value>A hint that requests are of one conversation.</value>
    public string? PromptCacheKey { get; init; }

    /// <value>Fields of this server's own.</value>
    public SessionRequest? Starkv { get; init; }
}

/// <summary>How a stream ends.</summary>
internal sealed record StreamOptions
{
    /// <value>Whether a last chunk tells what was counted; default false.</value>
    public bool? IncludeUsage { get; init; }
}

/// <summary>Which session a request is of, and how that is compressed.</summary>
internal sealed record SessionRequest
{
    /// <value>What the client calls the conversation, as the header X-Session-Id: 1 to 128 of A-Z a-z 0-9 . _ : -.</value>
    public string? Session { get; init; }

    /// <value>The compression method; default the server's.</value>
    public string? Method { get; init; }

    /// <value>How much of the cache is kept, such as 20% or 512t; default the server's.</value>
    public string? Keep { get; init; }
}
