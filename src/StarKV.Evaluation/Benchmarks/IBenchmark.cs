using System.Text.Json.Nodes;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>A fixed list of tasks.</summary>
public interface IBenchmark
{
    /// <summary>Its name and version, such as <c>minigui-bench-v1</c>; results of different names are never mixed.</summary>
    string Name { get; }

    /// <summary>
    /// The tasks. Their order never changes within a version; in this project's benchmarks, a prefix is a fair sample of all.
    /// </summary>
    IReadOnlyList<EvalTask> Tasks { get; }
}

/// <summary>A published benchmark: tasks from files on disk, with its own prompts, parsing and metrics under a profile.</summary>
public interface IPublishedBenchmark : IBenchmark
{
    /// <summary>
    /// What decides its prompts and scores apart from the tasks: profile, model family, data and so on, in the order of <c>run.json</c>.
    /// </summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The annotation files that it was read from, in the order of its tasks.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Longest answer in tokens.</summary>
    int MaxNewTokens { get; }

    /// <summary>How long methods remember unless the run says otherwise.</summary>
    MemorySpan Memory => MemorySpan.Sample;

    /// <summary>The benchmark's own metrics for one cache, as an object that becomes JSON.</summary>
    /// <param name="answers">
    /// The cache's answer to each task that was run, by the task's id; null
    /// where it could not be run: such a task is in no share and no count.
    /// </param>
    object Metrics(IReadOnlyDictionary<string, AnswerRecord?> answers);

    /// <summary>One cache's numbers in the file that the released programs write.</summary>
    /// <param name="run">The cache and the model.</param>
    /// <param name="metrics">What <see cref="Metrics"/> gave, as JSON.</param>
    ReleasedSummary Released(ReleasedRun run, JsonObject metrics);
}
