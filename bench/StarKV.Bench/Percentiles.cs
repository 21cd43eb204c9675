using System.Globalization;
using System.Text.Json.Serialization;

namespace StarKV.Bench;

/// <summary>The middle and the slow end of many measurements, and their number.</summary>
internal sealed record Percentiles(double P50, double P95, double P99, double Max, int N)
{
    /// <summary>For tables: the median, and the 95th and 99th percentile.</summary>
    [JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{P50:#,0.#} / {P95:#,0.#} / {P99:#,0.#}");

    /// <summary>Percentiles by the nearest rank; all zero where nothing was measured.</summary>
    public static Percentiles Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? new Percentiles(0, 0, 0, 0, 0) : new Percentiles(At(0.5), At(0.95), At(0.99), At(1), sorted.Length);

        double At(double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 3);
    }
}
