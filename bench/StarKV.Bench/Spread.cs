using System.Globalization;
using System.Text.Json.Serialization;

namespace StarKV.Bench;

/// <summary>Repeated measurements as median, minimum, maximum and count.</summary>
internal sealed record Spread(double Median, double Min, double Max, int N)
{
    /// <summary>For tables: the median, in brackets the least and the largest.</summary>
    [JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Median:#,0.##} ({Min:#,0.##}–{Max:#,0.##})");

    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(Math.Round(median, 3), Math.Round(sorted[0], 3), Math.Round(sorted[^1], 3), sorted.Length);
    }
}
