using StarKV.Input;
using StarKV.Text;

namespace StarKV;

/// <content>Conversations that the caller writes out.</content>
public sealed partial class GuiAgent
{
    /// <summary>The model's name in reports: its folder's, or <c>ORG/NAME</c> as it was asked for.</summary>
    public string ModelName => _engine.Name;

    /// <summary>
    /// Answers a conversation of the caller's own, such as that of a <see cref="TaskConversation"/>, without blocking the caller.
    /// </summary>
    /// <param name="screens">Screenshots, oldest first, at least one.</param>
    /// <param name="messages">
    /// Makes the conversation from the screenshots' merged grids; every grid is in it once, in order. Called on the thread pool.
    /// </param>
    /// <param name="options">
    /// Method, budget and lengths; default star-kv at 20 %. Of the prompt style only the form of the actions is used, position and past
    /// actions are not.
    /// </param>
    /// <param name="onText">
    /// Called on the inference thread with each new piece of the answer; may be null. What it throws is the answer's error. It must not
    /// wait for another answer of this agent that was asked for elsewhere.
    /// </param>
    /// <param name="cancellation">
    /// Ends the call at once while it waits for others, and within one layer or token while it is answered.
    /// </param>
    /// <exception cref="StarKvException">The conversation does not show every screenshot once.</exception>
    public Task<GroundingAnswer> AnswerAsync(
        IReadOnlyList<Screenshot> screens, Func<IReadOnlyList<MergedGrid>, IReadOnlyList<ChatMessage>> messages,
        GroundingOptions? options = null, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        options = Checked(ref screens, options ?? new GroundingOptions());
        ArgumentNullException.ThrowIfNull(messages);
        var request = new Request(screens, new PromptContent.Conversation(messages), [options.Compression], options);
        return AnswerLater(request with { OnText = onText }, cancellation);
    }
}
