using StarKV.Decode;
using StarKV.Sessions;

namespace StarKV;

/// <summary>A conversation as it is now, and how its next message is to be written.</summary>
/// <param name="Messages">
/// All messages, oldest first, at least one. What they begin with in common with the last step's and its answer is not read again.
/// </param>
public sealed record ConversationStep(IReadOnlyList<ConversationMessage> Messages)
{
    /// <value>
    /// Screenshots of the last step's messages that are not in these any more, by index from 0 for the oldest, ascending: their rows leave,
    /// and with <see cref="WindowSlide.Drop"/> those after them stay as they are. A message that has no other part leaves whole.
    /// Default none; what is missing without being named here is read again from there on.
    /// </value>
    public IReadOnlyList<int> FramesLeft { get; init; } = [];

    /// <value>
    /// Messages of the last step that are not in these any more, by index from 0, ascending: they leave whole, as
    /// <see cref="FramesLeft"/> does, whatever they show or say. Default none.
    /// </value>
    public IReadOnlyList<int> MessagesLeft { get; init; } = [];

    /// <value>
    /// How the answer is written; null (default) as the session's options say. Where the longest answer does not fit into the positions
    /// that the model has left, it is cut to half of them.
    /// </value>
    public GenerationOptions? Generation { get; init; }

    /// <value>Of the requests that wait, the one of higher priority goes first; default 0.</value>
    public int Priority { get; init; }

    /// <value>Time after which the step is given up, above 0; null (default) for never.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <value>
    /// Whether a step that is cancelled while its answer is written leaves what it has read to an equal one, which then reads nothing and
    /// answers as it would have: equal messages, written in one way, no longer. It is kept until another step begins, the device's memory
    /// is wanted for others, or <see cref="ConversationSession.DropHeld"/> is called. Not where a method compresses its cache again during
    /// the answer. Default false.
    /// </value>
    public bool HoldsWhatWasRead { get; init; }

    /// <value>
    /// Called on the inference thread when the conversation has been read, before the first piece of the answer; null (default) for none.
    /// What it throws is the answer's error.
    /// </value>
    public Action<StepReport>? OnRead { get; init; }

    /// <value>
    /// Called on the inference thread with each new piece of the answer; null (default) for none. What it throws is the answer's error.
    /// </value>
    public Action<string>? OnText { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Count(Messages.Count, "message")}, screenshots left {ListText.Of(FramesLeft)}, "
        + $"messages left {ListText.Of(MessagesLeft)}";
}
