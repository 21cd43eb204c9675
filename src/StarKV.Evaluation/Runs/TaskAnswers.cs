using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Select;
using StarKV.Text;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers tasks with a model: one reading of the prompt, an answer from the cache of each compression.</summary>
/// <param name="agent">The model.</param>
/// <param name="plan">Match, convention, memory and length of answers.</param>
/// <param name="compressions">The plan's methods at its budgets, in the order of the records.</param>
/// <param name="known">Samples of an earlier start, for trajectories that go on; default none.</param>
/// <remarks>Not thread-safe: tasks are answered one by one.</remarks>
public sealed class TaskAnswers(GuiAgent agent, RunPlan plan, IReadOnlyList<Compression> compressions, IReadOnlyList<SampleRecord>? known = null) : IDisposable
{
    private readonly IReadOnlyList<Compression> _wrapped = [.. compressions.Select(c => c.KeepsEverything ? c : c with { Method = Wrapped(c.Method, plan, agent.Config.Text.Heads / agent.Config.Text.KvHeads) })];
    private readonly Dictionary<string, SampleRecord> _known = (known ?? []).ToDictionary(r => r.Task);
    private readonly TrajectoryMemory _trajectory = new(compressions.Count);

    /// <summary>Answers one task.</summary>
    public SampleRecord Of(EvalTask task, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var input = task.Open();
        var drawn = watch.Elapsed;
        var asked = new List<ManyAnswers>();
        List<LayerMemory>? own = null;
        try
        {
            var used = _wrapped;
            if (plan.Memory is MemorySpan.Session && input.Conversation is not null)
            {
                used = With(_trajectory.Before(task, (step, memories) => Reread(step, With(memories), cancellation)));
            }
            else if (plan.Memory is MemorySpan.Session)
            {
                own = [.. _wrapped.Select(_ => new LayerMemory())];
                used = With(own);
                for (var step = 1; step < input.Screens.Count; step++)
                    _ = Ask(task, new TaskInput([.. input.Screens.Take(step)], [.. input.PastActions.Take(step - 1)]), [], used, 1, cancellation);
            }

            var finals = Answers(task, input, used, plan.MaxNewTokens, asked, cancellation);
            _trajectory.Saw(task);
            return _known[task.Id] = new SampleRecord
            {
                Task = task.Id,
                Labels = task.Labels,
                PromptSha256 = Hash(asked[0].Prompt),
                PromptTokens = asked[0].Prompt.Length,
                ImageTokens = asked[0].Prompt.VisionTokens,
                Milliseconds = new SampleTimes(Rounded(drawn), Sum(t => t.Preprocess), Sum(t => t.Vision), Sum(t => t.Prefill), Sum(t => t.Decode), Rounded(watch.Elapsed)),
                Answers = [.. compressions.Zip(finals, (c, f) => Record(f.Task, c, f.Answer))],
            };
        }
        finally
        {
            own?.ForEach(m => m.Dispose());
        }

        double Sum(Func<StageTimes, TimeSpan> time) => Rounded(asked.Aggregate(TimeSpan.Zero, (sum, many) => sum + time(many.Answers[0].Times)));
    }

    /// <inheritdoc/>
    public void Dispose() => _trajectory.Dispose();

    /// <summary>Each cache's last answer, with the question that it answers. Caches that are asked the same share one reading.</summary>
    private (EvalTask Task, GroundingAnswer Answer)[] Answers(EvalTask task, TaskInput input, IReadOnlyList<Compression> used, int maxNewTokens, List<ManyAnswers> asked, CancellationToken cancellation)
    {
        var earlier = Enumerable.Range(0, used.Count).Select(cache => EarlierAnswers(task, cache)).ToList();
        var finals = new (EvalTask Task, GroundingAnswer Answer)[used.Count];
        var waiting = Enumerable.Range(0, used.Count).Select(cache => (Cache: cache, Question: task)).ToList();
        while (waiting.Count > 0)
        {
            foreach (var group in waiting.GroupBy(w => (w.Question.Id, string.Join('\0', earlier[w.Cache].Select(text => text is null ? "\0" : text)))))
            {
                var (question, caches) = (group.First().Question, group.Select(w => w.Cache).ToList());
                var many = Ask(question, question == task ? input : question.Open(), earlier[caches[0]], [.. caches.Select(c => used[c])], maxNewTokens, cancellation);
                asked.Add(many);
                foreach (var (cache, answer) in caches.Zip(many.Answers))
                    finals[cache] = (question, answer);
            }

            waiting = [.. waiting.Select(w => (w.Cache, Question: w.Question.Next?.Invoke(finals[w.Cache].Answer)!)).Where(w => w.Question is not null)];
        }

        return finals;
    }

    private void Reread(EvalTask step, IReadOnlyList<Compression> used, CancellationToken cancellation)
    {
        try
        {
            Answers(step with { Next = null }, step.Open(), used, 1, [], cancellation);
        }
        catch (StarKvException)
        {
            // It failed when it was run, and its record says so.
        }
    }

    private List<string?> EarlierAnswers(EvalTask task, int cache) =>
        [.. task.Earlier.Select(step => _known.GetValueOrDefault(step.Id) is { Error: null } record ? record.Answers[cache].Answer : null)];

    private List<Compression> With(IEnumerable<LayerMemory> memories) => [.. _wrapped.Zip(memories, (c, memory) => c with { Memory = memory })];

    private ManyAnswers Ask(EvalTask task, TaskInput input, IReadOnlyList<string?> earlier, IReadOnlyList<Compression> used, int maxNewTokens, CancellationToken cancellation)
    {
        var options = new ManyAnswersOptions
        {
            Compressions = used,
            PastActions = input.PastActions,
            Position = task.Position,
            Generation = new GenerationOptions { MaxNewTokens = maxNewTokens },
        };
        return input.Conversation is { } conversation
            ? agent.AnswerMany(input.Screens, grids => conversation(grids, earlier), options, cancellation)
            : agent.AnswerMany(input.Screens, task.Instruction, options, cancellation);
    }

    private static ICompressionMethod Wrapped(ICompressionMethod method, RunPlan plan, int headsPerGroup)
    {
        if (plan.Match is MatchBy.Bytes)
            method = new EqualBytes(method, headsPerGroup);
        return plan.Convention is BudgetConvention.Image ? new ImageShare(method) : method;
    }

    private static AnswerRecord Record(EvalTask task, Compression compression, GroundingAnswer answer)
    {
        var judgement = task.Judge(answer);
        return new(
            compression.Name, compression.KeepsEverything ? "100%" : compression.Budget.ToString(), judgement.Verdict, answer.Text, answer.Action?.ToString(answer.Coordinates),
            answer.Tokens.Count, Math.Round(answer.Kv.KeptTokens, 3), answer.Kv.Bytes, answer.Kv.FullBytes, Rounded(answer.Times.Selection))
        {
            Measures = judgement.Measures,
        };
    }

    private static string Hash(TokenMap prompt)
    {
        var bytes = new byte[4 * prompt.Length];
        for (var i = 0; i < prompt.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), prompt.Ids[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);
}
