namespace StarKV.Cli.Commands.Bench;

/// <summary>Repeated measurements as median, minimum, maximum and count.</summary>
internal sealed record Spread(double Median, double Min, double Max, int N)
{
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(Math.Round(median, 3), Math.Round(sorted[0], 3), Math.Round(sorted[^1], 3), sorted.Length);
    }
}
