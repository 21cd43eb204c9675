namespace StarKV.Evaluation.Metrics;

/// <summary>A share with its interval of 95 % confidence.</summary>
/// <param name="Share">Right answers of all, 0–1; 0 when there are none.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Proportion(double Share, double Low, double High);

/// <summary>Wilson's score interval: it stays within 0–1 and holds its confidence for shares near 0 and 1 and for small n.</summary>
/// <remarks>E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.</remarks>
public static class Wilson
{
    // The standard normal distribution's 97.5 % quantile.
    private const double Z = 1.959963984540054;

    /// <summary>The interval of <paramref name="right"/> of <paramref name="n"/>; 0 to 1 when n is 0.</summary>
    public static Proportion Of(int right, int n)
    {
        if (n == 0)
            return new Proportion(0, 0, 1);
        var share = (double)right / n;
        var denominator = 1 + Z * Z / n;
        var centre = (share + Z * Z / (2 * n)) / denominator;
        var half = Z / denominator * Math.Sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n));
        return new Proportion(share, right == 0 ? 0 : centre - half, right == n ? 1 : centre + half);
    }
}
