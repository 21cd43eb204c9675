using Microsoft.Extensions.AI;
using StarKV.Budget;
using StarKV.Text;

namespace StarKV.Extensions.AI;

/// <summary>
/// What a call may ask of StarKV and <see cref="ChatOptions"/> have no property for: keys of
/// <see cref="ChatOptions.AdditionalProperties"/>. A key that begins with <see cref="Prefix"/> and is none of these is refused; keys that
/// begin otherwise are for others and not read.
/// </summary>
/// <remarks>Values are texts, so that a cache in front of the client, which compares calls as JSON, tells them apart.</remarks>
public static class StarKvProperties
{
    /// <summary>What all keys begin with.</summary>
    public const string Prefix = "starkv.";

    /// <summary>The compression method: <c>NAME</c> or <c>NAME:option=value:…</c> of docs/methods.md.</summary>
    public const string Method = Prefix + "method";

    /// <summary>How much of the cache is kept: a text that <see cref="KvBudget.Parse"/> reads.</summary>
    public const string Keep = Prefix + "keep";

    /// <summary>The prompt style, one of <see cref="PromptStyle.Names"/>.</summary>
    public const string Prompt = Prefix + "prompt";

    /// <summary>Where the task is in the prompt: <c>first</c> or <c>last</c>.</summary>
    public const string Position = Prefix + "position";

    /// <summary>
    /// Where a conversation's rows are that its cache does not hold: <c>lossless</c>, <c>store</c> or <c>evict</c>. Refused without a
    /// conversation.
    /// </summary>
    public const string Storage = Prefix + "storage";

    /// <summary>All keys.</summary>
    public static IReadOnlyList<string> All { get; } = [Method, Keep, Prompt, Position, Storage];

    /// <summary>Asks for a compression method by name.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <param name="method"><c>NAME</c> or <c>NAME:option=value:…</c>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithMethod(this ChatOptions options, string method) => With(options, Method, method);

    /// <summary>Says how much of the cache is kept.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <param name="keep">A share or a number of tokens, such as <c>10%</c> or <c>512t</c>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithKeep(this ChatOptions options, string keep) => With(options, Keep, keep);

    /// <summary>Asks for a prompt style.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <param name="prompt">The style's name.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithPrompt(this ChatOptions options, string prompt) => With(options, Prompt, prompt);

    /// <summary>Says where the task is in the prompt.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <param name="position"><c>first</c> or <c>last</c>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithPosition(this ChatOptions options, string position) => With(options, Position, position);

    /// <summary>Says where a conversation's rows are that its cache does not hold.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <param name="storage"><c>lossless</c>, <c>store</c> or <c>evict</c>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithStorage(this ChatOptions options, string storage) => With(options, Storage, storage);

    /// <summary>Begins a conversation with this call: its response carries the id that the next call gives back.</summary>
    /// <param name="options">The call's options, which are changed.</param>
    /// <returns>The options.</returns>
    public static ChatOptions WithNewConversation(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ConversationId = StarKvChatClient.NewConversation;
        return options;
    }

    private static ChatOptions With(ChatOptions options, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(value);
        (options.AdditionalProperties ??= [])[key] = value;
        return options;
    }
}
