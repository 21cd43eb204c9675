using Microsoft.Extensions.AI;
using StarKV.Decode;

namespace StarKV.Extensions.AI;

/// <summary>What a call's options ask for. Nothing that they ask for is left out silently: it is done or refused by name.</summary>
/// <param name="ConversationId">
/// The conversation, <see cref="StarKvChatClient.NewConversation"/> to begin one; null where the messages are all.
/// </param>
/// <param name="Instructions">Text for the system message; null for none.</param>
/// <param name="Own">What is asked of StarKV alone, as it was given.</param>
/// <param name="Options">The call's options; null for none.</param>
internal sealed record ChatCall(
    string? ConversationId, string? Instructions, IReadOnlyDictionary<string, object> Own, ChatOptions? Options)
{
    /// <summary>Reads a call's options.</summary>
    /// <param name="options">The options; null for none. They are kept.</param>
    /// <param name="model">The name of the client's model.</param>
    /// <exception cref="StarKvException">They ask for what StarKV cannot do.</exception>
    public static ChatCall Of(ChatOptions? options, string model)
    {
        if (options is not null)
            RefusedOptions.Check(options, model);
        return new ChatCall(
            string.IsNullOrEmpty(options?.ConversationId) ? null : options.ConversationId,
            string.IsNullOrWhiteSpace(options?.Instructions) ? null : options.Instructions, OwnProperties.Of(options?.AdditionalProperties),
            options);
    }

    /// <summary>How the call is answered.</summary>
    /// <param name="defaults">What holds where the call says nothing.</param>
    public SessionOptions Answers(SessionOptions defaults) =>
        OwnProperties.Apply(Own, defaults) with { Generation = Generation(defaults.Generation).Checked() };

    /// <summary>How the call's answer is written.</summary>
    /// <param name="defaults">What holds where the call says nothing.</param>
    public GenerationOptions Generation(GenerationOptions defaults) => defaults with
    {
        MaxNewTokens = Options?.MaxOutputTokens ?? defaults.MaxNewTokens,
        Temperature = Options?.Temperature ?? defaults.Temperature,
        TopP = Options?.TopP ?? defaults.TopP,
        TopK = Options?.TopK ?? defaults.TopK,
        Seed = (int?)Options?.Seed ?? defaults.Seed,
        StopStrings = Options?.StopSequences is { } stops ? [.. stops] : defaults.StopStrings,
    };
}
