using StarKV.Compact;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers the steps by reading at each of them the whole conversation, earlier answers included; the method remembers.</summary>
/// <param name="agent">The model.</param>
/// <param name="task">The task.</param>
/// <param name="compression">Method and budget; of its memory there is one for all steps.</param>
/// <param name="maxNewTokens">Longest answer in tokens.</param>
internal sealed class WholeReader(GuiAgent agent, EvalTask task, Compression compression, int maxNewTokens) : IStepReader
{
    private readonly LayerMemory _memory = new();
    private readonly List<(TaskStep Step, string Answer)> _past = [];

    /// <inheritdoc/>
    public AnsweredStep Next(TaskStep step, CancellationToken cancellation)
    {
        var read = Read([.. _past], step, cancellation);
        var answer = read.Answers[0].OrThrow();
        _past.Add((step, answer.Text));
        return new AnsweredStep(answer, read.Prompt.Length, read.Prompt.Length);
    }

    /// <summary>Reads the last step's conversation, the answers to the earlier steps being the right ones.</summary>
    /// <param name="steps">The task's steps.</param>
    /// <param name="cancellation">Ends the reading within one layer or answer token.</param>
    public ManyAnswers Last(IReadOnlyList<TaskStep> steps, CancellationToken cancellation) =>
        Read([.. steps.SkipLast(1).Select(s => (s, s.Expected))], steps[^1], cancellation);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private ManyAnswers Read(IReadOnlyList<(TaskStep Step, string Answer)> past, TaskStep step, CancellationToken cancellation)
    {
        var options = new ManyAnswersOptions
        {
            Compressions = [compression with { Memory = _memory }],
            Generation = new GenerationOptions { MaxNewTokens = maxNewTokens },
        };
        return agent.AnswerMany([.. past.Select(p => p.Step.Screen), step.Screen], Messages, options, cancellation);

        IReadOnlyList<ChatMessage> Messages(IReadOnlyList<MergedGrid> grids)
        {
            var earlier = past.Select((p, i) => new ConversationTurn([grids[i]], p.Step.Text, p.Answer));
            var turns = earlier.Append(new ConversationTurn([grids[^1]], step.Text));
            return new TaskConversation(agent.DefaultPrompt, task.Instruction, [.. turns]) { Position = task.Position }.Messages();
        }
    }
}
