namespace StarKV.Evaluation.Benchmarks;

/// <summary>A fixed list of tasks.</summary>
public interface IBenchmark
{
    /// <summary>Its name and version, such as <c>minigui-bench-v1</c>; results of different names are never mixed.</summary>
    string Name { get; }

    /// <summary>The tasks. Their order never changes within a version, and a prefix is a fair sample of all.</summary>
    IReadOnlyList<EvalTask> Tasks { get; }
}
