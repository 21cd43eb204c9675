namespace StarKV.Evaluation.Reports.Page;

/// <summary>How numbers of many tasks lie.</summary>
/// <param name="Median">Half are smaller.</param>
/// <param name="Low">One in ten is smaller.</param>
/// <param name="High">One in ten is larger.</param>
public readonly record struct Percentiles(double Median, double Low, double High)
{
    /// <summary>The spread of at least one number.</summary>
    public static Percentiles Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return new Percentiles(At(0.5), At(0.1), At(0.9));

        double At(double share)
        {
            var place = share * (sorted.Count - 1);
            var (below, part) = ((int)place, place - (int)place);
            return Math.Round(sorted[below] + (part > 0 ? part * (sorted[below + 1] - sorted[below]) : 0), 3);
        }
    }
}
