using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of what grows with the steps of a session that has windows.</summary>
internal static class GrowthTable
{
    private const string Name = "2026-11-30-cpu-mini-growth.json";

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var table = new StringBuilder(
            "| storage | earlier answers | tokens | on the device, bytes | on the host, bytes | resident memory, bytes | live tensors |\n"
                + "|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var row in result.GetProperty("rows").EnumerateArray())
        {
            var answers = row.TryGetProperty("answerWindow", out var most) ? $"{most}" : "all";
            table.Append($"| {row.GetProperty("storage").GetString()} | {answers} | {Read(row, "tokens", "#,0.##;−#,0.##;0")} | {Read(row, "deviceBytes")} "
                + $"| {Read(row, "hostBytes")} | {Read(row, "residentBytes")} "
                + $"| {string.Join(", ", row.GetProperty("liveTensors").EnumerateArray())} |\n");
        }

        var machine = result.GetProperty("machine");
        return table.Append(
            CultureInfo.InvariantCulture,
            $"\nChange per step, with its 95 % interval, from step {result.GetProperty("firstStepLookedAt")} to {result.GetProperty("steps")}; "
                + $"{result.GetProperty("window")} screenshots of {result.GetProperty("screenshot").GetString()!.Replace('x', '×')}, "
                + $"{result.GetProperty("method").GetString()} {result.GetProperty("keep").GetString()}, answers of at most "
                + $"{result.GetProperty("longestAnswerTokens")} tokens; {machine.GetProperty("processor").GetString()}, "
                + $"{machine.GetProperty("cores")} cores; the shipped model: [result](../bench/results/{Name}).\n").ToString();
    }

    private static string Read(JsonElement row, string name, string format = "#,0;−#,0;0")
    {
        var growth = row.GetProperty(name);
        return $"{Of("perStep")} [{Of("low")}, {Of("high")}]";

        string Of(string end) => growth.GetProperty(end).GetDouble().ToString(format, CultureInfo.InvariantCulture);
    }
}
