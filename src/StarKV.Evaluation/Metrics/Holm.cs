namespace StarKV.Evaluation.Metrics;

/// <summary>Holm's correction for many tests: the chance that any of them is called real by mistake stays below the level.</summary>
/// <remarks>S. Holm, A simple sequentially rejective multiple test procedure, 1979.</remarks>
public static class Holm
{
    /// <summary>Adjusted values in the order given, 0–1; compare each with the level, such as 0.05.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> values)
    {
        var adjusted = new double[values.Count];
        var (largest, left) = (0.0, values.Count);
        foreach (var i in Enumerable.Range(0, values.Count).OrderBy(i => values[i]))
            adjusted[i] = largest = Math.Max(largest, Math.Min(1, values[i] * left--));
        return adjusted;
    }
}
