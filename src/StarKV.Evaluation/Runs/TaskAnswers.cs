using System.Diagnostics;
using StarKV.Account;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers tasks with a model: one reading of the prompt, an answer from the cache of each compression.</summary>
/// <param name="agent">The model.</param>
/// <param name="plan">Match, convention, memory and length of answers.</param>
/// <param name="compressions">The plan's methods at its budgets, in the order of the records.</param>
/// <param name="known">
/// Samples of an earlier start: their answers are not asked for again, and trajectories continue from them. Default none.
/// </param>
/// <remarks>Not thread-safe: tasks are answered one by one.</remarks>
public sealed class TaskAnswers(
    GuiAgent agent, RunPlan plan, IReadOnlyList<Compression> compressions, IReadOnlyList<SampleRecord>? known = null) : ITaskRunner
{
    private readonly List<Compression> _wrapped =
    [
        .. compressions.Select(c =>
            c.KeepsEverything ? c : c with { Method = Wrapped(c.Method, plan, agent.Config.Text.Heads / agent.Config.Text.KvHeads) }),
    ];
    private readonly IReadOnlyList<RunCache> _caches =
    [
        .. compressions.Select(c => new RunCache(c.Name, c.KeepsEverything ? RunCache.Everything : c.Budget.ToString())),
    ];
    private readonly Dictionary<string, SampleRecord> _known = (known ?? []).ToDictionary(r => r.Task);
    private readonly TrajectoryMemory _trajectory = new(compressions.Count);

    /// <inheritdoc/>
    public SampleRecord Of(EvalTask task, CancellationToken cancellation)
    {
        var earlier = _known.GetValueOrDefault(task.Id);
        var open = Enumerable.Range(0, _caches.Count)
            .Where(cache => earlier?.AnswerOf(_caches[cache]) is not { } answer || answer.IsOutdated(task, _known)).ToList();
        SampleRecord record;
        try
        {
            record = Of(task, open, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException && open.Count < _caches.Count)
        {
            // Other caches have answered it before.
            record = OpenCaches.Failed(task, open.Select(cache => _caches[cache]), e);
        }

        _known[task.Id] = earlier?.With(record) ?? record;
        return record;
    }

    /// <inheritdoc/>
    public void Dispose() => _trajectory.Dispose();

    private SampleRecord Of(EvalTask task, List<int> open, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var input = task.Open();
        var drawn = watch.Elapsed;
        var asked = new List<ManyAnswers>();
        List<LayerMemory>? own = null;
        try
        {
            var (used, lost) = (_wrapped, new List<CacheError>());
            if (plan.Memory is MemorySpan.Session && input.Conversation is not null)
            {
                used = With(_trajectory.MemoriesFor(task, (step, memories) => Reread(step, With(memories), cancellation)));
            }
            else if (plan.Memory is MemorySpan.Session)
            {
                own = [.. _wrapped.Select(_ => new LayerMemory())];
                used = With(own);
                for (var step = 1; step < input.Screens.Count && open.Count > 0; step++)
                {
                    var before = new TaskInput([.. input.Screens.Take(step)], [.. input.PastActions.Take(step - 1)]);
                    var many = Ask(task, before, [], [.. open.Select(cache => used[cache])], 1, cancellation);
                    var errors = open.Zip(many.Answers, (cache, answer) => (Cache: cache, answer.Error)).ToList();
                    lost.AddRange(errors.Where(e => e.Error is not null).Select(e => new CacheError(_caches[e.Cache], e.Error!.Message)));
                    open = [.. errors.Where(e => e.Error is null).Select(e => e.Cache)];
                }
            }

            var finals = Answers(task, input, used, open, plan.MaxNewTokens, asked, cancellation);
            // Caches that were not asked do not remember this step, and a fault leaves memories in an unknown state.
            if (finals.Count == _caches.Count && finals.Values.All(f => f.Error is null or StarKvException))
                _trajectory.MarkRead(task);
            var records = finals.OrderBy(f => f.Key).Select(f => Record(task, f.Key, f.Value)).ToList();
            return new SampleRecord
            {
                Task = task.Id,
                Labels = task.Labels,
                PromptSha256 = asked is [var first, ..] ? PromptHash.Of(first.Prompt) : null,
                PromptTokens = asked.Count == 0 ? 0 : asked[0].Prompt.Length,
                ImageTokens = asked.Count == 0 ? 0 : asked[0].Prompt.VisionTokens,
                Milliseconds = new SampleTimes(
                    SampleTimes.Rounded(drawn),
                    Sum(t => t.Preprocess),
                    Sum(t => t.Vision),
                    Sum(t => t.Prefill),
                    Sum(t => t.Decode),
                    SampleTimes.Rounded(watch.Elapsed)),
                Answers = [.. records.Select(r => r.Answer).OfType<AnswerRecord>()],
                Failed = [.. lost, .. records.Where(r => r.Answer is null).Select(r => new CacheError(_caches[r.Cache], r.Error!))],
            };
        }
        finally
        {
            own?.ForEach(m => m.Dispose());
        }

        // All answers of a reading have its times.
        double Sum(Func<StageTimes, TimeSpan> time)
        {
            var sum = TimeSpan.Zero;
            foreach (var many in asked)
                if (many.Answers.Select(a => a.Answer).FirstOrDefault(a => a is not null) is { } answer)
                    sum += time(answer.Times);
            return SampleTimes.Rounded(sum);
        }
    }

    /// <summary>
    /// What became of each cache that is asked, with the question that it answered last. Caches that are asked the same share one reading.
    /// </summary>
    private Dictionary<int, Final> Answers(
        EvalTask task,
        TaskInput input,
        List<Compression> used,
        List<int> caches,
        int maxNewTokens,
        List<ManyAnswers> asked,
        CancellationToken cancellation)
    {
        var earlier = caches.ToDictionary(cache => cache, cache => EarlierAnswers(task, cache));
        var finals = new Dictionary<int, Final>();
        var waiting = caches.Select(cache => (Cache: cache, Question: task)).ToList();
        while (waiting.Count > 0)
        {
            foreach (var group in waiting.GroupBy(w => (w.Question.Id, History: earlier[w.Cache]), new SameReading()))
            {
                var (question, asking) = (group.First().Question, group.Select(w => w.Cache).ToList());
                try
                {
                    var seen = question == task ? input : question.Open();
                    var many = Ask(question, seen, earlier[asking[0]], [.. asking.Select(c => used[c])], maxNewTokens, cancellation);
                    asked.Add(many);
                    foreach (var (cache, answer) in asking.Zip(many.Answers))
                        finals[cache] = new Final(question, answer.Answer, answer.Error);
                }
                catch (Exception e) when (e is not OperationCanceledException && (question != task || asking.Count < caches.Count))
                {
                    // Only these caches came to this question, or with these earlier answers.
                    foreach (var cache in asking)
                        finals[cache] = new Final(question, null, e);
                }
            }

            waiting = [.. waiting.Where(w => finals[w.Cache].Answer is not null)
                .Select(w => (w.Cache, Question: w.Question.Next?.Invoke(finals[w.Cache].Answer!)!)).Where(w => w.Question is not null)];
        }

        return finals;
    }

    private void Reread(EvalTask step, List<Compression> used, CancellationToken cancellation)
    {
        try
        {
            Answers(step with { Next = null }, step.Open(), used, [.. Enumerable.Range(0, used.Count)], 1, [], cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It failed when it was run, and its record says so.
        }
    }

    private List<string?> EarlierAnswers(EvalTask task, int cache) =>
        [.. task.Earlier.Select(step => _known.GetValueOrDefault(step.Id)?.AnswerOf(_caches[cache])?.Answer)];

    private List<Compression> With(IEnumerable<LayerMemory> memories) =>
        [.. _wrapped.Zip(memories, (c, memory) => c with { Memory = memory })];

    private ManyAnswers Ask(
        EvalTask task,
        TaskInput input,
        IReadOnlyList<string?> earlier,
        IReadOnlyList<Compression> used,
        int maxNewTokens,
        CancellationToken cancellation)
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

    /// <summary>The answer with its judgement, or why there is none.</summary>
    private (int Cache, AnswerRecord? Answer, string? Error) Record(EvalTask task, int cache, Final final)
    {
        if (final.Answer is not { } answer)
            return (cache, null, ErrorRecord.Sentence(final.Error!));
        try
        {
            var judgement = final.Question.Judge(answer);
            var failed = EarlierAnswers(task, cache).Count(text => text is null);
            return (cache, new AnswerRecord(
                _caches[cache].Method, _caches[cache].Keep, judgement.Verdict, answer.Text, answer.Action?.ToString(answer.Coordinates),
                answer.Tokens.Count,
                Math.Round(answer.Kv.KeptTokens, 3),
                answer.Kv.Bytes,
                answer.Kv.FullBytes,
                SampleTimes.Rounded(answer.Times.Selection))
            {
                EarlierFailed = failed > 0 ? failed : null,
                Draft = Drafts.Of(answer),
                Measures = judgement.Measures,
            }, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (cache, null, ErrorRecord.Sentence(e));
        }
    }

    /// <summary>What became of a cache at the last question that it was asked.</summary>
    private sealed record Final(EvalTask Question, GroundingAnswer? Answer, Exception? Error);
}
