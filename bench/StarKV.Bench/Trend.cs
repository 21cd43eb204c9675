namespace StarKV.Bench;

/// <summary>The slope of a series by least squares, with its 95 % interval.</summary>
/// <param name="Slope">Change from one value to the next.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal sealed record Trend(double Slope, double Low, double High)
{
    /// <summary>Values that a trend needs at least: one for each block.</summary>
    public const int Least = Blocks;

    private const int Blocks = 20;

    /// <summary>Student's t with <see cref="Blocks"/> − 2 degrees of freedom, 97.5 %.</summary>
    private const double T = 2.101;

    /// <summary>Of the means of 20 blocks of neighbours.</summary>
    /// <remarks>Single values depend on the one before, which would make the interval too narrow.</remarks>
    public static Trend Of(IReadOnlyList<double> values)
    {
        if (values.Count < Blocks)
            throw new ArgumentException($"A trend needs at least {Blocks} values, not {values.Count}.", nameof(values));
        var size = values.Count / Blocks;
        var means = Enumerable.Range(0, Blocks).Select(block => values.Skip(block * size).Take(size).Average()).ToList();
        var (x, y) = ((Blocks - 1) / 2.0, means.Average());
        var spread = Enumerable.Range(0, Blocks).Sum(i => (i - x) * (i - x));
        var slope = Enumerable.Range(0, Blocks).Sum(i => (i - x) * (means[i] - y)) / spread;
        var rest = Enumerable.Range(0, Blocks).Sum(i => Math.Pow(means[i] - y - slope * (i - x), 2));
        var half = T * Math.Sqrt(rest / (Blocks - 2) / spread);
        return new Trend(slope / size, (slope - half) / size, (slope + half) / size);
    }

    /// <summary>Slope and interval, with their signs.</summary>
    public override string ToString() => $"{Slope:+#,0;−#,0;0} [{Low:+#,0;−#,0;0}, {High:+#,0;−#,0;0}]";
}
