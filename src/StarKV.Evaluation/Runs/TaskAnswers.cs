using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers tasks with a model: one reading of the prompt, an answer from the cache of each compression.</summary>
/// <param name="agent">The model.</param>
/// <param name="plan">Match, convention, memory and length of answers.</param>
/// <param name="compressions">The plan's methods at its budgets, in the order of the records.</param>
public sealed class TaskAnswers(GuiAgent agent, RunPlan plan, IReadOnlyList<Compression> compressions)
{
    private readonly IReadOnlyList<Compression> _wrapped = [.. compressions.Select(c => c.KeepsEverything ? c : c with { Method = Wrapped(c.Method, plan, agent.Config.Text.Heads / agent.Config.Text.KvHeads) })];

    /// <summary>Answers one task.</summary>
    public SampleRecord Of(EvalTask task, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var input = task.Open();
        var drawn = watch.Elapsed;
        var memories = plan.Memory is MemorySpan.Session ? _wrapped.Select(_ => new LayerMemory()).ToList() : null;
        try
        {
            var used = memories is null ? _wrapped : [.. _wrapped.Zip(memories, (c, memory) => c with { Memory = memory })];
            for (var step = 1; memories is not null && step < input.Screens.Count; step++)
                _ = Ask(task, new TaskInput([.. input.Screens.Take(step)], [.. input.PastActions.Take(step - 1)]), used, 1, cancellation);
            var many = Ask(task, input, used, plan.MaxNewTokens, cancellation);
            var times = many.Answers[0].Times;
            return new SampleRecord
            {
                Task = task.Id,
                Labels = task.Labels,
                PromptSha256 = Hash(many.Prompt),
                PromptTokens = many.Prompt.Length,
                ImageTokens = many.Prompt.VisionTokens,
                Milliseconds = new SampleTimes(Rounded(drawn), Rounded(times.Preprocess), Rounded(times.Vision), Rounded(times.Prefill), Rounded(times.Decode), Rounded(watch.Elapsed)),
                Answers = [.. compressions.Zip(many.Answers, (c, a) => Record(task, c, a))],
            };
        }
        finally
        {
            memories?.ForEach(m => m.Dispose());
        }
    }

    private ManyAnswers Ask(EvalTask task, TaskInput input, IReadOnlyList<Compression> used, int maxNewTokens, CancellationToken cancellation) =>
        agent.AnswerMany(input.Screens, task.Instruction, new ManyAnswersOptions
        {
            Compressions = used,
            PastActions = input.PastActions,
            Position = task.Position,
            Generation = new GenerationOptions { MaxNewTokens = maxNewTokens },
        }, cancellation);

    private static ICompressionMethod Wrapped(ICompressionMethod method, RunPlan plan, int headsPerGroup)
    {
        if (plan.Match is MatchBy.Bytes)
            method = new EqualBytes(method, headsPerGroup);
        return plan.Convention is BudgetConvention.Image ? new ImageShare(method) : method;
    }

    private static AnswerRecord Record(EvalTask task, Compression compression, GroundingAnswer answer) => new(
        compression.Name, compression.KeepsEverything ? "100%" : compression.Budget.ToString(), task.Judge(answer), answer.Text, answer.Action?.ToString(answer.Coordinates),
        answer.Tokens.Count, Math.Round(answer.Kv.KeptTokens, 3), answer.Kv.Bytes, answer.Kv.FullBytes, Rounded(answer.Times.Selection));

    private static string Hash(TokenMap prompt)
    {
        var bytes = new byte[4 * prompt.Length];
        for (var i = 0; i < prompt.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), prompt.Ids[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);
}
