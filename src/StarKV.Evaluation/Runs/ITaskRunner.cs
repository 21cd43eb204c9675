using StarKV.Evaluation.Benchmarks;

namespace StarKV.Evaluation.Runs;

/// <summary>Answers tasks from every cache of a run.</summary>
/// <remarks>Not thread-safe: tasks are answered one by one.</remarks>
public interface ITaskRunner : IDisposable
{
    /// <summary>Answers one task from the caches whose answer is not known. A cache that fails leaves the others as they are.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellation">Ends the task within one layer or answer token.</param>
    /// <exception cref="Exception">The task cannot be run for any cache.</exception>
    SampleRecord Of(EvalTask task, CancellationToken cancellation);
}
