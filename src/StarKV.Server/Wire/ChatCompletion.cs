using System.Text.Json.Serialization;

namespace StarKV.Server.Wire;

/// <summary>A whole answer to a chat request.</summary>
internal sealed record ChatCompletion(string Id, long Created, string Model, IReadOnlyList<ChatChoice> Choices, Usage Usage)
{
    /// <value>What it is.</value>
    public string Object { get; } = "chat.completion";
}

/// <summary>The one answer of a chat request.</summary>
internal sealed record ChatChoice(ChatAnswer Message, string FinishReason)
{
    /// <value>Its place, 0.</value>
    public int Index { get; }
}

/// <summary>The message of an answer; its content is never null.</summary>
internal sealed record ChatAnswer(string Content)
{
    /// <value>Who speaks.</value>
    public string Role { get; } = "assistant";
}

/// <summary>A piece of a streamed answer.</summary>
internal sealed record ChatChunk(string Id, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
{
    /// <value>What it is.</value>
    public string Object { get; } = "chat.completion.chunk";

    /// <value>What was counted, in the last piece; null (default) and not written elsewhere.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Usage? Usage { get; init; }
}

/// <summary>What a piece of a streamed answer adds.</summary>
internal sealed record ChunkChoice(ChunkDelta Delta, string? FinishReason)
{
    /// <value>Its place, 0.</value>
    public int Index { get; }
}

/// <summary>What is added; null is not written.</summary>
internal sealed record ChunkDelta
{
    /// <value>Who speaks, in the first piece.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <value>The text.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

/// <summary>What was counted, in tokens.</summary>
/// <param name="PromptTokens">Tokens of the whole prompt.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="TotalTokens">Both.</param>
/// <param name="PromptTokensDetails">How many of the prompt's were not computed.</param>
/// <param name="Starkv">What the session did.</param>
internal sealed record Usage(
    int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails PromptTokensDetails, SessionUsage Starkv);

/// <summary>Of a prompt's tokens, those that were known.</summary>
internal sealed record PromptDetails(int CachedTokens);

/// <summary>What the session did in a step.</summary>
/// <param name="Session">What the server calls it.</param>
/// <param name="Outcome">How the request was related to what was held.</param>
/// <param name="KvBytes">Bytes of the cache that the answer was written on.</param>
/// <param name="KvFullBytes">Bytes that the whole prompt would take.</param>
/// <param name="DecodeMilliseconds">Time of writing the answer.</param>
internal sealed record SessionUsage(string Session, string Outcome, long KvBytes, long KvFullBytes, double DecodeMilliseconds);
