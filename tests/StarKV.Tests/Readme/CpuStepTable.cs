using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of a session's step beside reading everything again, with the shipped model on the CPU.</summary>
internal static class CpuStepTable
{
    private const string Name = "2026-11-30-cpu-mini-session.json";

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var table = new StringBuilder(
            "| cache | storage | tokens read | step in ms, median (min–max) | everything again in ms | share |\n|---|---|---:|---:|---:|---:|\n");
        foreach (var row in result.GetProperty("rows").EnumerateArray())
        {
            var (step, again) = (row.GetProperty("pixelsToFirstToken"), row.GetProperty("pixelsToFirstTokenFromScratch"));
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.GetProperty("method").GetString()} {row.GetProperty("keep").GetString()} | {row.GetProperty("storage").GetString()} "
                    + $"| {row.GetProperty("newTokens")} of {row.GetProperty("promptTokens").GetInt32():N0} | {Read(step)} | {Read(again)} "
                    + $"| {step.GetProperty("median").GetDouble() / again.GetProperty("median").GetDouble() * 100:0.0} % |\n");
        }

        var machine = result.GetProperty("machine");
        return table.Append(
            CultureInfo.InvariantCulture,
            $"\n{machine.GetProperty("processor").GetString()}, {machine.GetProperty("cores")} cores; the shipped model; "
                + $"{result.GetProperty("rows")[0].GetProperty("screens")} screenshots of {result.GetProperty("screenshot").GetString()!.Replace('x', '×')}, "
                + $"{result.GetProperty("repeats")} repeats, both in turn: [result](../bench/results/{Name}).\n").ToString();
    }

    private static string Read(JsonElement spread) => BenchResult.Spread(spread, "N0");
}
