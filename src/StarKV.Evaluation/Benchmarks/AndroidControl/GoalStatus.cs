namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>What a model says about the end of a task, as one of the two recorded statuses.</summary>
internal static class GoalStatus
{
    private static readonly string[] s_failures =
    [
        "unsuccessful", "infeasible", "impossible", "cannot", "can't", "unable", "fail", "error",
    ];

    /// <summary><c>infeasible</c> when the text is that or contains a word of failure, else <c>successful</c>.</summary>
    public static string Of(string content) =>
        content != "successful" && s_failures.Any(word => content.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? "infeasible"
            : "successful";
}
