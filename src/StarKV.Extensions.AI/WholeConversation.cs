using System.Runtime.CompilerServices;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Extensions.AI;

/// <summary>An answer to messages that are the whole conversation: everything is read.</summary>
/// <remarks>
/// The tokens are those of a session with these turns, and the task is protected as a session protects it: a lossless session answers
/// alike, but for what its method remembers between steps.
/// </remarks>
/// <param name="agent">The agent.</param>
/// <param name="messages">The messages.</param>
/// <param name="options">How it is answered; the prompt style is set.</param>
internal sealed class WholeConversation(GuiAgent agent, TaskMessages messages, SessionOptions options) : ChatStep
{
    /// <inheritdoc/>
    public override Task<GroundingAnswer> AnswerAsync(CancellationToken cancellation) => Answer(null, cancellation);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> StreamAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        GroundingAnswer? answer = null;
        var pieces = AnswerStream.Of(async (onText, stop) => answer = await Answer(onText, stop).ConfigureAwait(false), cancellation);
        await foreach (var piece in pieces.ConfigureAwait(false))
            yield return piece;
        Streamed = answer;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private Task<GroundingAnswer> Answer(Action<string>? onText, CancellationToken cancellation)
    {
        var (instruction, turns) = (messages.Instruction, messages.TurnsWithoutInstruction);
        return agent.AnswerAsync([.. turns.SelectMany(t => t.Screens)], Written, Grounding(), onText, cancellation);

        IReadOnlyList<ChatMessage> Written(IReadOnlyList<MergedGrid> grids)
        {
            var rest = new Queue<MergedGrid>(grids);
            var written = turns.Select(t => new ConversationTurn([.. t.Screens.Select(_ => rest.Dequeue())], t.Text, t.Answer));
            return new TaskConversation(options.Prompt!, instruction, [.. written]) { Position = options.Position }.Messages();
        }
    }

    private GroundingOptions Grounding()
    {
        var marked = options.Prompt!.Template.Contains("{instruction}", StringComparison.Ordinal);
        var compression = (options with { Storage = KvStorage.Lossless }).CompressionOf(marked);
        return new GroundingOptions
        {
            Method = compression.Method,
            Budget = compression.Budget,
            Prompt = options.Prompt,
            Generation = options.Generation,
            ChunkTokens = options.ChunkTokens,
            MeasureTimes = options.MeasureTimes,
            Priority = options.Priority,
            TimeLimit = options.TimeLimit,
        };
    }
}
