namespace StarKV.Evaluation.Metrics;

/// <summary>
/// The exact paired test: of the tasks that only one of two methods gets right, are there more on one side than chance gives?
/// </summary>
/// <remarks>
/// Q. McNemar, 1947, with the binomial distribution itself, two-sided. Tasks that both get right or wrong say nothing and do not count.
/// </remarks>
public static class McNemar
{
    /// <summary>The probability of a split at least this uneven by chance alone, 0–1.</summary>
    /// <param name="onlyFirst">Tasks that only the first method gets right.</param>
    /// <param name="onlySecond">Tasks that only the second method gets right.</param>
    public static double P(int onlyFirst, int onlySecond)
    {
        var (n, few) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        // The chance of exactly k of n, from its neighbour; in logarithms, since 0.5 to the power of n may vanish.
        var (log, tail) = (-n * Math.Log(2), 0.0);
        for (var k = 0; k <= few; k++)
        {
            tail += Math.Exp(log);
            log += Math.Log(n - k) - Math.Log(k + 1);
        }

        return Math.Min(1, 2 * tail);
    }
}
