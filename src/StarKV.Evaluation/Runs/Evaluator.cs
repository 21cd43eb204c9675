using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>How far a run has come.</summary>
/// <param name="Done">Tasks of this shard that are done, those of an earlier start included.</param>
/// <param name="Total">Tasks of this shard.</param>
/// <param name="Rate">Tasks a second since this start.</param>
/// <param name="Left">Time left at that rate.</param>
/// <param name="Last">The sample that was just recorded.</param>
public sealed record RunProgress(int Done, int Total, double Rate, TimeSpan Left, SampleRecord Last);

/// <summary>Runs the tasks that a log does not hold yet, one after the other.</summary>
/// <param name="answer">Answers one task from every cache.</param>
/// <param name="time">Measures the rate.</param>
public sealed class Evaluator(Func<EvalTask, CancellationToken, SampleRecord> answer, TimeProvider time)
{
    /// <summary>Runs them. A sample that fails is recorded with its error, and the run goes on; only cancellation ends it.</summary>
    /// <param name="tasks">The shard's tasks.</param>
    /// <param name="log">Where results go.</param>
    /// <param name="told">Told after every sample; may be null.</param>
    /// <param name="done">Tasks that are done, in this log and in those of other shards; null for this log alone.</param>
    /// <param name="cancellation">Ends the run within one token; the sample in flight is not recorded.</param>
    public void Run(IReadOnlyList<EvalTask> tasks, SampleLog log, Action<RunProgress>? told = null, IEnumerable<string>? done = null, CancellationToken cancellation = default)
    {
        var known = (done ?? log.Records.Select(r => r.Task)).ToHashSet();
        var open = tasks.Where(t => !known.Contains(t.Id)).ToList();
        var start = time.GetTimestamp();
        foreach (var (number, task) in open.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Answered(task, cancellation);
            log.Append(record);
            var rate = (number + 1) / Math.Max(1e-9, time.GetElapsedTime(start).TotalSeconds);
            var left = open.Count - number - 1;
            told?.Invoke(new RunProgress(tasks.Count - left, tasks.Count, rate, TimeSpan.FromSeconds(left / rate), record));
        }
    }

    private SampleRecord Answered(EvalTask task, CancellationToken cancellation)
    {
        try
        {
            return answer(task, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new SampleRecord { Task = task.Id, Labels = task.Labels, Error = $"{(e is StarKvException ? "" : $"{e.GetType().Name}: ")}{e.Message.Split('\n')[0]}" };
        }
    }
}
