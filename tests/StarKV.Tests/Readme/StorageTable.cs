using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of what a session's step takes with each storage.</summary>
internal static class StorageTable
{
    private const string Name = "2026-11-30-h200-7b-session-chosen.json";

    private const string Peaks = "2026-11-30-h200-7b-session-peaks.json";

    private const double MiB = 1 << 20;

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        using var earlier = BenchResult.Open(Peaks);
        var timed = file.RootElement.GetProperty("session");
        var peaks = earlier.RootElement.GetProperty("rows").EnumerateArray().ToList();
        var table = new StringBuilder(
            "| cache | storage | sessions | step in ms, median (min–max) | attended to | on the device | on the host | peak |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var row in timed.GetProperty("rows").EnumerateArray())
        {
            var step = row.GetProperty("pixelsToFirstToken");
            var peak = peaks.Where(p => Same(p, row, "method") && Same(p, row, "storage") && Same(p, row, "sessions"))
                .Select(p => Bytes(p, "peakBytes")).FirstOrDefault("–");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.GetProperty("method").GetString()} {row.GetProperty("keep").GetString()} | {row.GetProperty("storage").GetString()} "
                    + $"| {row.GetProperty("sessions").GetInt32()} | {BenchResult.Spread(step, "0.0")} "
                    + $"| {Bytes(row, "attendedBytes")} | {Bytes(row, "deviceBytes")} | {Bytes(row, "hostBytes")} | {peak} |\n");
        }

        var screens = timed.GetProperty("rows")[0].GetProperty("screens");
        return table.Append(
            CultureInfo.InvariantCulture,
            $"\n{timed.GetProperty("machine").GetProperty("card").GetString()}; the 7B shape, random weights in bf16; {screens} screenshots of "
                + $"{timed.GetProperty("screenshot").GetString()!.Replace('x', '×')}, {timed.GetProperty("repeats")} repeats: "
                + $"[result](../bench/results/{Name}); [peaks](../bench/results/{Peaks}) of another run.\n").ToString();
    }

    private static bool Same(JsonElement one, JsonElement other, string name) => one.GetProperty(name).ToString() == other.GetProperty(name).ToString();

    private static string Bytes(JsonElement row, string name) =>
        (row.GetProperty(name).GetInt64() / MiB).ToString("N0", CultureInfo.InvariantCulture) + " MiB";
}
