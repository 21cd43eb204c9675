using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>Runs the tasks that a log does not hold yet, one after the other.</summary>
/// <param name="answer">Answers one task from every cache.</param>
public sealed class Evaluator(Func<EvalTask, CancellationToken, SampleRecord> answer)
{
    /// <summary>Runs them. A sample that fails is recorded with its error, and the run goes on; only cancellation ends it.</summary>
    /// <param name="tasks">The shard's tasks.</param>
    /// <param name="log">Where results go.</param>
    /// <param name="told">Told every sample that was recorded; may be null.</param>
    /// <param name="done">Tasks that are done, in this log and in those of other shards; null for this log alone.</param>
    /// <param name="cancellation">Ends the run within one layer or answer token; the sample in flight is not recorded.</param>
    public void Run(IReadOnlyList<EvalTask> tasks, SampleLog log, Action<SampleRecord>? told = null, IEnumerable<string>? done = null, CancellationToken cancellation = default)
    {
        var known = (done ?? log.Records.Select(r => r.Task)).ToHashSet();
        foreach (var task in tasks.Where(t => !known.Contains(t.Id)))
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Answered(task, cancellation);
            log.Append(record);
            told?.Invoke(record);
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
