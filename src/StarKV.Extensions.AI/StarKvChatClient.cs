using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace StarKV.Extensions.AI;

/// <summary>A GUI agent's model as an <see cref="IChatClient"/>.</summary>
/// <remarks>
/// <para>Messages are turns of a task (docs/chat-client.md): the first words of the user are the task, which the prompt style puts where
/// it belongs; screenshots are <see cref="DataContent"/> with PNG, JPEG or WebP bytes; a system message takes the place of the style's.
/// What StarKV cannot do is refused by name, with a <see cref="StarKvException"/>.</para>
/// <para>Without a <see cref="ChatOptions.ConversationId"/> the messages are the whole conversation. With
/// <see cref="NewConversation"/> the client keeps a session of compressed keys and values; the response carries its id, and a further
/// call with that id sends what is new alone.</para>
/// <para>Thread-safe: calls run side by side, but for one step at a time in each conversation. A call that fails, is cancelled or whose
/// stream is left leaves its conversation as it was.</para>
/// </remarks>
public sealed class StarKvChatClient : IChatClient
{
    /// <summary>The <see cref="ChatOptions.ConversationId"/> that begins a conversation.</summary>
    public const string NewConversation = "new";

    /// <summary>The provider's name in <see cref="ChatClientMetadata"/>.</summary>
    public const string ProviderName = "starkv";

    private readonly GuiAgent _agent;
    private readonly StarKvChatOptions _options;
    private readonly TimeProvider _time;
    private readonly ChatClientMetadata _metadata;
    private readonly Conversations _conversations;
    private volatile bool _disposed;

    /// <summary>A client of an agent.</summary>
    /// <param name="agent">The agent, which stays the caller's: dispose it after the client.</param>
    /// <param name="options">How it answers where a call says nothing; null for the defaults.</param>
    /// <param name="time">The clock of conversations and responses; null for the system's.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public StarKvChatClient(GuiAgent agent, StarKvChatOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        (_agent, _options, _time) = (agent, (options ?? new StarKvChatOptions()).Bounded(), time ?? TimeProvider.System);
        _metadata = new ChatClientMetadata(ProviderName, defaultModelId: agent.ModelName);
        _conversations = new Conversations(_options.MaxConversations, _options.ConversationIdleTime, _time);
    }

    /// <summary>Conversations that are open now.</summary>
    public int OpenConversations => _conversations.Count;

    /// <summary>Closes a conversation and frees its rows; a step of it that is under way ends first.</summary>
    /// <param name="conversationId">Its id.</param>
    /// <returns>True where it was open.</returns>
    public bool CloseConversation(string conversationId)
    {
        ArgumentNullException.ThrowIfNull(conversationId);
        return _conversations.Close(conversationId);
    }

    /// <inheritdoc/>
    /// <exception cref="StarKvException">
    /// A message or an option has no place here, the conversation is not open or under way, or the engine refuses.
    /// </exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = Asked(messages, options);
        return Respond();

        async Task<ChatResponse> Respond()
        {
            using var step = await StepOf(asked, cancellationToken).ConfigureAwait(false);
            var form = NewForm(step);
            return form.Response(await step.AnswerAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The last update has the reason of the end, the usage, and the answer as its raw representation.</remarks>
    /// <exception cref="StarKvException">
    /// A message or an option has no place here, the conversation is not open or under way, or the engine refuses.
    /// </exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Stream(Asked(messages, options), cancellationToken);

    /// <summary>
    /// The client itself, its <see cref="ChatClientMetadata"/>, or the <see cref="GuiAgent"/>; null for other types and where a key is
    /// given.
    /// </summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">A key; nothing here has one.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        object?[] services = [this, _metadata, _agent];
        return serviceKey is null ? services.FirstOrDefault(serviceType.IsInstanceOfType) : null;
    }

    /// <summary>Closes all conversations; the agent stays the caller's.</summary>
    public void Dispose()
    {
        _disposed = true;
        _conversations.Dispose();
    }

    /// <summary>What was asked for, whatever the caller does to it afterwards.</summary>
    private sealed record Question(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options);

    private Question Asked(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ChatMessage?[] copy = [.. messages];
        var missing = Array.IndexOf(copy, null);
        return missing < 0
            ? new Question(copy!, options?.Clone())
            : throw new ArgumentException($"Message {missing + 1} of {copy.Length} is null.", nameof(messages));
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Stream(Question asked, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var step = await StepOf(asked, cancellation).ConfigureAwait(false);
        var form = NewForm(step);
        await foreach (var piece in step.StreamAsync(cancellation).ConfigureAwait(false))
            yield return form.Piece(piece);
        yield return form.Last(step.Streamed!);
    }

    private ResponseForm NewForm(ChatStep step) => new(_agent.ModelName, step.ConversationId, _time.GetUtcNow());

    /// <summary>Decodes the screenshots away from the caller, and finds who answers.</summary>
    private Task<ChatStep> StepOf(Question asked, CancellationToken cancellation) => Task.Run<ChatStep>(
        () =>
        {
            var call = ChatCall.Of(asked.Options, _agent.ModelName);
            var said = TaskMessages.Of(asked.Messages, call.Instructions, _options.Images, cancellation);
            return call.ConversationId switch
            {
                null => Whole(said, call),
                NewConversation => First(said, call),
                { } id => Further(id, said, call),
            };
        },
        cancellation);

    private WholeConversation Whole(TaskMessages said, ChatCall call)
    {
        if (call.Own.ContainsKey(StarKvProperties.Storage))
            throw new StarKvException(
                $"AdditionalProperties['{StarKvProperties.Storage}'] is about conversations; begin one "
                    + $"(ConversationId = \"{NewConversation}\"), or leave it out.");
        return new WholeConversation(_agent, said, Answers(said, call));
    }

    private ConversationStep First(TaskMessages said, ChatCall call)
    {
        var (instruction, turns) = (said.Instruction, said.TurnsWithoutInstruction);
        if (turns[^1].Screens.Count == 0)
            throw new StarKvException("There is no screenshot; give at least one image.");
        if (turns.SkipLast(1).Any(t => t.Screens.Count > 0 || t.Text is not null))
            throw new StarKvException(
                "A conversation begins with the task, earlier answers if there are any, and the screen as it is now; these messages have "
                    + "screenshots or further words before an earlier answer. Leave them out, or send everything without ConversationId.");
        var options = Answers(said, call) with { PastActions = [.. turns.SkipLast(1).Select(t => t.Answer!)] };
        var conversation = new Conversation(
            $"{ProviderName}-{Guid.NewGuid():N}", _agent.OpenSession(instruction, options), said.System, call.Own);
        _conversations.Begin(conversation);
        return new ConversationStep(_conversations, conversation, turns[^1], isFirst: true);
    }

    private ConversationStep Further(string id, TaskMessages said, ChatCall call)
    {
        var conversation = _conversations.Enter(id);
        try
        {
            conversation.Check(call, said);
            return new ConversationStep(_conversations, conversation, said.Turns[0], isFirst: false);
        }
        catch
        {
            _conversations.Leave(conversation);
            throw;
        }
    }

    private SessionOptions Answers(TaskMessages said, ChatCall call)
    {
        var options = call.Answers(_options.Answers);
        var style = options.Prompt ?? _agent.DefaultPrompt;
        return options with { Prompt = said.System is null ? style : style with { SystemMessage = said.System } };
    }
}
