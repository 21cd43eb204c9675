using System.Runtime.CompilerServices;

namespace StarKV.Extensions.AI;

/// <summary>A step of a conversation that the client keeps: what is new is read. A first step that gives no answer closes it.</summary>
/// <param name="conversations">The table that it is in.</param>
/// <param name="conversation">The conversation, in which nobody else steps.</param>
/// <param name="turn">What is new.</param>
/// <param name="isFirst">Whether the conversation begins with this step.</param>
internal sealed class ConversationStep(Conversations conversations, Conversation conversation, TaskTurn turn, bool isFirst) : ChatStep
{
    private bool _taken;

    /// <inheritdoc/>
    public override string ConversationId => conversation.Id;

    /// <inheritdoc/>
    public override async Task<GroundingAnswer> AnswerAsync(CancellationToken cancellation)
    {
        var answer = await conversation.Session.StepAsync(turn.Screens, turn.Text, null, cancellation).ConfigureAwait(false);
        _taken = true;
        return answer;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> StreamAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var piece in conversation.Session.StreamAsync(turn.Screens, turn.Text, cancellation).ConfigureAwait(false))
            yield return piece;
        Streamed = conversation.Session.LastAnswer;
        _taken = true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (isFirst && !_taken)
            conversations.Close(conversation.Id);
        else
            conversations.Leave(conversation);
    }
}
