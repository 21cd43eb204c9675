using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>
/// Runs the tasks that a log does not hold yet, those with errors again, and
/// those whose answers hang on an error that is gone; one after the other.
/// </summary>
/// <param name="answer">Answers one task from every cache that has not answered it.</param>
public sealed class Evaluator(Func<EvalTask, CancellationToken, SampleRecord> answer)
{
    /// <summary>Runs them. What fails is recorded with its error, and the run continues; only cancellation ends it.</summary>
    /// <param name="tasks">The shard's tasks.</param>
    /// <param name="log">Where results go.</param>
    /// <param name="told">Called with what was recorded, task by task; may be null.</param>
    /// <param name="known">What is known of tasks, from this log and those of other shards; null for this log alone.</param>
    /// <param name="cancellation">Ends the run within one layer or answer token; the sample in flight is not recorded.</param>
    public void Run(
        IReadOnlyList<EvalTask> tasks, SampleLog log, Action<SampleRecord>? told = null, IEnumerable<SampleRecord>? known = null,
        CancellationToken cancellation = default)
    {
        var all = (known ?? log.Records).ToDictionary(r => r.Task);
        foreach (var task in tasks)
        {
            var earlier = all.GetValueOrDefault(task.Id);
            if (earlier is { HasErrors: false } && !earlier.Answers.Any(a => a.IsOutdated(task, all)))
                continue;
            cancellation.ThrowIfCancellationRequested();
            var record = Answered(task, cancellation);
            log.Append(record);
            all[task.Id] = earlier?.With(record) ?? record;
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
            return new SampleRecord { Task = task.Id, Labels = task.Labels, Error = ErrorRecord.Sentence(e) };
        }
    }
}
