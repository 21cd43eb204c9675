using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of a session step's kernels by what they do.</summary>
internal static class StepKernelsTable
{
    private const string Name = "2026-11-30-h200-7b-session-profile.json";

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var root = file.RootElement;
        var table = new StringBuilder("| | vision | matrix products | attention | choosing rows | everything else | all kernels |\n|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var storage in new[] { "evict", "lossless" })
        {
            var (vision, text) = (root.GetProperty(storage).GetProperty("vision"), root.GetProperty(storage).GetProperty("text"));
            var groups = new[] { "matrix products", "attention", "choosing rows", "everything else" }
                .Select(group => Read(Milliseconds(text.GetProperty("groups").GetProperty(group))));
            var name = char.ToUpperInvariant(storage[0]) + storage[1..];
            table.Append(
                CultureInfo.InvariantCulture,
                $"| `{name}` | {Read(Milliseconds(vision))} | {string.Join(" | ", groups)} | {Read(Milliseconds(vision) + Milliseconds(text))} |\n");
        }

        return table.Append(
            CultureInfo.InvariantCulture, $"\n{root.GetProperty("machine").GetString()}; in ms: [profile](../bench/results/{Name}).\n").ToString();
    }

    private static double Milliseconds(JsonElement part) => part.GetProperty("milliseconds").GetDouble();

    private static string Read(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
