namespace StarKV.Evaluation.Records;

/// <summary>A cache of a run: one method at one budget, both as written. With a task it names a cell of the run's grid.</summary>
/// <param name="Method">The method, with its mode where tasks are given step by step.</param>
/// <param name="Keep">The budget; <c>100%</c> for a method that drops nothing.</param>
public readonly record struct RunCache(string Method, string Keep)
{
    /// <summary>The budget of a cache from which nothing was dropped.</summary>
    public const string Everything = "100%";

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Keep}";
}
