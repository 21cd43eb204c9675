using Microsoft.Extensions.AI;
using StarKV.Decode;

namespace StarKV.Extensions.AI;

/// <summary>What one call's responses have in common, and how an answer becomes one.</summary>
/// <param name="model">The model's name.</param>
/// <param name="conversation">The conversation's id; null where there is none.</param>
/// <param name="created">When the call was begun to be answered.</param>
internal sealed class ResponseForm(string model, string? conversation, DateTimeOffset created)
{
    private readonly string _response = $"{StarKvChatClient.ProviderName}-response-{Guid.NewGuid():N}";
    private readonly string _message = $"{StarKvChatClient.ProviderName}-message-{Guid.NewGuid():N}";

    /// <summary>The whole response.</summary>
    /// <param name="answer">The answer.</param>
    public ChatResponse Response(GroundingAnswer answer) => new(new ChatMessage(ChatRole.Assistant, answer.Text)
    {
        MessageId = _message,
        CreatedAt = created,
        RawRepresentation = answer,
    })
    {
        ResponseId = _response,
        ConversationId = conversation,
        ModelId = model,
        CreatedAt = created,
        FinishReason = Finish(answer),
        Usage = Usage(answer),
        RawRepresentation = answer,
    };

    /// <summary>An update with a piece of the text.</summary>
    /// <param name="text">The piece.</param>
    public ChatResponseUpdate Piece(string text) => Update(new TextContent(text));

    /// <summary>The update that ends the response.</summary>
    /// <param name="answer">The answer.</param>
    public ChatResponseUpdate Last(GroundingAnswer answer)
    {
        var update = Update(new UsageContent(Usage(answer)));
        update.FinishReason = Finish(answer);
        update.RawRepresentation = answer;
        return update;
    }

    private ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
    {
        ResponseId = _response,
        MessageId = _message,
        ConversationId = conversation,
        ModelId = model,
        CreatedAt = created,
    };

    private static ChatFinishReason Finish(GroundingAnswer answer) =>
        answer.Finish == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;

    /// <summary>Counts tokens: cached are those of the prompt that this call did not read.</summary>
    private static UsageDetails Usage(GroundingAnswer answer)
    {
        var (prompt, read) = answer.Session is { } step ? (step.Tokens, step.TokensRead) : (answer.Kv.PromptTokens, answer.Kv.PromptTokens);
        return new UsageDetails
        {
            InputTokenCount = prompt,
            OutputTokenCount = answer.Tokens.Count,
            TotalTokenCount = prompt + answer.Tokens.Count,
            CachedInputTokenCount = prompt - read,
        };
    }
}
