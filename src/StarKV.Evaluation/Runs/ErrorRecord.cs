using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Runs;

/// <summary>One line of a run's errors: a task that could not be run, or one of its caches.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="Labels">The task's labels.</param>
/// <param name="Method">
/// The cache's method as written; null for an error of the task itself, which is that of every cache without an answer.
/// </param>
/// <param name="Keep">The cache's budget as written; null for an error of the task itself.</param>
/// <param name="Error">What went wrong, in one sentence.</param>
public sealed record ErrorRecord(string Task, IReadOnlyDictionary<string, string> Labels, string? Method, string? Keep, string Error)
{
    /// <summary>
    /// What an exception says in a record: its sentence, after its kind when it is a fault and not something that the user can fix.
    /// </summary>
    public static string Sentence(Exception e) => $"{(e is StarKvException ? "" : $"{e.GetType().Name}: ")}{e.Message.Split('\n')[0]}";
}

/// <summary>A cache that could not answer a task.</summary>
/// <param name="Cache">The cache.</param>
/// <param name="Error">Why, in one sentence.</param>
public readonly record struct CacheError(RunCache Cache, string Error);
