using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>Errors of a task that some of a run's caches have answered before.</summary>
internal static class OpenCaches
{
    /// <summary>The task's error as one of each cache that had no answer yet.</summary>
    /// <param name="task">The task.</param>
    /// <param name="caches">Those caches.</param>
    /// <param name="error">Why the task could not be run now.</param>
    public static SampleRecord Failed(EvalTask task, IEnumerable<Records.RunCache> caches, Exception error)
    {
        var sentence = ErrorRecord.Sentence(error);
        return new SampleRecord
        {
            Task = task.Id,
            Labels = task.Labels,
            Failed = [.. caches.Select(cache => new CacheError(cache, sentence))],
        };
    }
}
