using System.Diagnostics;
using StarKV.Account;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Score.Wrappers;
using StarKV.Text;

namespace StarKV.Evaluation.Runs;

/// <summary>
/// Gives tasks step by step: each cache of the run answers all steps of a task by itself, with its own earlier answers in the history.
/// </summary>
/// <remarks>
/// The screens are those that the right answers lead to, whatever was answered. A wrong answer stays in the history all the same.
/// Not thread-safe: tasks are answered one by one.
/// </remarks>
public sealed class SessionAnswers : ITaskRunner
{
    private readonly GuiAgent _agent;
    private readonly RunPlan _plan;
    private readonly IReadOnlyList<Cell> _cells;
    private readonly Dictionary<string, SampleRecord> _known;

    /// <summary>Prepares a run.</summary>
    /// <param name="agent">The model.</param>
    /// <param name="plan">Modes and length of answers.</param>
    /// <param name="compressions">The plan's methods at its budgets, in the order of the records.</param>
    /// <param name="known">Samples of an earlier start: their answers are not asked for again. Default none.</param>
    /// <exception cref="StarKvException">The plan's modes cannot be read.</exception>
    public SessionAnswers(
        GuiAgent agent, RunPlan plan, IReadOnlyList<Compression> compressions, IReadOnlyList<SampleRecord>? known = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_agent, _plan) = (agent, plan);
        _known = (known ?? []).ToDictionary(r => r.Task);
        var modes = (plan.Sessions ?? []).Select(SessionMode.Parse).ToList();
        _cells =
        [
            .. from method in compressions.GroupBy(c => c.Name)
               from mode in modes
               from compression in method
               let keep = compression.KeepsEverything ? RunCache.Everything : compression.Budget.ToString()
               select new Cell(new RunCache(mode.NameOf(compression.Name), keep), mode, compression),
        ];
    }

    /// <inheritdoc/>
    public SampleRecord Of(EvalTask task, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(task);
        var earlier = _known.GetValueOrDefault(task.Id);
        var open = _cells.Where(c => earlier?.AnswerOf(c.Cache) is null).ToList();
        SampleRecord record;
        try
        {
            record = Of(task, open, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException && open.Count < _cells.Count)
        {
            record = OpenCaches.Failed(task, open.Select(c => c.Cache), e);
        }

        _known[task.Id] = earlier?.With(record) ?? record;
        return record;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Sessions end with their tasks.
    }

    private SampleRecord Of(EvalTask task, IReadOnlyList<Cell> open, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var steps = task.Steps!();
        var drawn = watch.Elapsed;
        // It also has all screenshots encoded, so that no cache pays for another one.
        using var right = new WholeReader(_agent, task, Compression.None, 1);
        var last = right.Last(steps, cancellation);
        var spent = new List<StageTimes> { last.Answers[0].OrThrow().Times };
        var answers = new List<AnswerRecord>();
        var failed = new List<CacheError>();
        // What drops nothing is the same wherever its rows would be.
        foreach (var alike in open.GroupBy(c => c.Alike))
        {
            try
            {
                var answer = Answered(task, steps, alike.First(), last.Prompt, spent, cancellation);
                answers.AddRange(alike.Select(c => answer with { Method = c.Cache.Method, Keep = c.Cache.Keep }));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed.AddRange(alike.Select(c => new CacheError(c.Cache, ErrorRecord.Sentence(e))));
            }
        }

        var place = open.Index().ToDictionary(c => c.Item.Cache, c => c.Index);
        return new SampleRecord
        {
            Task = task.Id,
            Labels = task.Labels,
            PromptSha256 = PromptHash.Of(last.Prompt),
            PromptTokens = last.Prompt.Length,
            ImageTokens = last.Prompt.VisionTokens,
            Milliseconds = new SampleTimes(
                SampleTimes.Rounded(drawn),
                Sum(t => t.Preprocess),
                Sum(t => t.Vision),
                Sum(t => t.Prefill),
                Sum(t => t.Decode),
                SampleTimes.Rounded(watch.Elapsed)),
            Answers = [.. answers.OrderBy(a => place[a.Cache])],
            Failed = [.. failed.OrderBy(f => place[f.Cache])],
        };

        double Sum(Func<StageTimes, TimeSpan> stage) => SampleTimes.Rounded(spent.Aggregate(TimeSpan.Zero, (sum, t) => sum + stage(t)));
    }

    /// <summary>Gives a task to one cache, step by step.</summary>
    private AnswerRecord Answered(
        EvalTask task, IReadOnlyList<TaskStep> steps, Cell cell, TokenMap last, List<StageTimes> spent, CancellationToken cancellation)
    {
        using var reader = Open(task, cell, last);
        var records = new List<StepRecord>();
        AnsweredStep? answered = null;
        foreach (var (number, step) in steps.Index())
        {
            var watch = Stopwatch.StartNew();
            try
            {
                answered = reader.Next(step, cancellation);
            }
            catch (StarKvException e)
            {
                throw new StarKvException($"step {number + 1} of {steps.Count}: {e.Message}", e);
            }

            spent.Add(answered.Answer.Times);
            records.Add(Record(step, answered, watch.Elapsed));
        }

        var answer = answered!.Answer;
        return new AnswerRecord(
            cell.Cache.Method, cell.Cache.Keep, records.FindLast(r => r.Verdict is not null)?.Verdict ?? Verdict.Unreadable, answer.Text,
            answer.Action?.ToString(answer.Coordinates), answer.Tokens.Count, Math.Round(answer.Kv.KeptTokens, 3), answer.Kv.Bytes,
            answer.Kv.FullBytes, SampleTimes.Rounded(answer.Times.Selection))
        {
            Draft = Drafts.Of(answer),
            Steps = records,
        };
    }

    private IStepReader Open(EvalTask task, Cell cell, TokenMap last)
    {
        var (_, mode, compression) = cell;
        if (mode.Budget is StepBudget.Final && !compression.KeepsEverything)
            compression = compression with { Budget = KvBudget.Tokens(compression.Budget.Capacity(last.Length)) };
        if (!mode.ReadsAgain)
            return new SessionReader(_agent, task, compression, mode, _plan.MaxNewTokens);
        // A session protects by itself.
        if (mode.Protect != StepProtection.None)
            compression = compression with { Method = new Protected(compression.Method, mode.ProtectedTokens) };
        return new WholeReader(_agent, task, compression, _plan.MaxNewTokens);
    }

    private static StepRecord Record(TaskStep step, AnsweredStep read, TimeSpan time)
    {
        var (answer, report) = (read.Answer, read.Answer.Session);
        return new StepRecord(
            step.Judge?.Invoke(answer).Verdict, answer.Text, answer.Action?.ToString(answer.Coordinates), read.Tokens, read.TokensRead,
            Math.Round(answer.Kv.KeptTokens, 3), answer.Kv.Bytes, read.DeviceBytes, read.HostBytes,
            SampleTimes.Rounded(answer.Times.Prefill), SampleTimes.Rounded(time))
        {
            Kind = step.Kind,
            FramesDropped = report is { FramesDropped: > 0 and var frames } ? frames : null,
            Notes = report is { Notes.Count: > 0 } ? report.Notes : null,
        };
    }

    /// <summary>A cache of the run.</summary>
    /// <param name="Cache">Its name and budget as written.</param>
    /// <param name="Mode">How tasks are given to it.</param>
    /// <param name="Compression">Method and budget.</param>
    private sealed record Cell(RunCache Cache, SessionMode Mode, Compression Compression)
    {
        /// <summary>What two caches have in common that answer alike.</summary>
        public (string? Name, bool ReadsAgain, int? Window, Sessions.WindowSlide Slide) Alike =>
            (Compression.KeepsEverything ? null : $"{Cache}", Mode.ReadsAgain, Mode.Window, Mode.Slide);
    }
}
