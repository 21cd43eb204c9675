using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of a session's step with one attention kernel and with attention in parts.</summary>
internal static class PartsTable
{
    private const string Name = "2026-12-01-h200-7b-parts.json";

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var (former, parts) = (Run(file, "former"), Run(file, "parts"));
        var table = new StringBuilder("| cache | storage | step in ms with one kernel, median (min–max) | in parts | logits apart from re-reading |\n|---|---|---:|---:|---:|\n");
        foreach (var (before, after) in former.GetProperty("rows").EnumerateArray().Zip(parts.GetProperty("rows").EnumerateArray()))
        {
            var apart = after.TryGetProperty("logitsDifference", out var difference)
                ? $"{Read(before.GetProperty("logitsDifference"))}, {Read(difference)}"
                : "–";
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {after.GetProperty("method").GetString()} {after.GetProperty("keep").GetString()} | {after.GetProperty("storage").GetString()} "
                    + $"| {Step(before)} | {Step(after)} | {apart} |\n");
        }

        return table.Append(
            CultureInfo.InvariantCulture,
            $"\n{parts.GetProperty("machine").GetProperty("card").GetString()}; the 7B shape, {parts.GetProperty("repeats")} repeats, in turn: "
                + $"[result](../bench/results/{Name}).\n").ToString();
    }

    private static JsonElement Run(JsonDocument file, string name) => file.RootElement.GetProperty("runs").GetProperty(name);

    private static string Step(JsonElement row) => BenchResult.Spread(row.GetProperty("pixelsToFirstToken"), "0.0");

    private static string Read(JsonElement number) => number.GetDouble().ToString("0.000", CultureInfo.InvariantCulture);
}
