using StarKV.MiniGui;

namespace StarKV.Evaluation.Metrics;

/// <summary>The interval of a paired difference, from resampled tasks; the same seed gives the same interval on every machine.</summary>
/// <remarks>B. Efron, Bootstrap methods, 1979: percentiles of the mean over resamples.</remarks>
public static class Bootstrap
{
    /// <summary>Lower and upper end of 95 % for the mean of the differences.</summary>
    /// <param name="differences">One for each task: −1, 0 or 1.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">How many.</param>
    public static (double Low, double High) Interval(IReadOnlyList<int> differences, ulong seed = 1, int resamples = 2000)
    {
        if (differences.Count == 0)
            return (0, 0);
        var random = new SeededRandom(seed, 0);
        var means = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            var sum = 0;
            for (var i = 0; i < differences.Count; i++)
                sum += differences[random.Below(differences.Count)];
            means[r] = (double)sum / differences.Count;
        }

        Array.Sort(means);
        return (means[(int)(0.025 * (resamples - 1))], means[(int)Math.Ceiling(0.975 * (resamples - 1))]);
    }
}
