using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of agents that share one model.</summary>
internal static class ServeTable
{
    private const string Name = "2026-11-30-cpu-mini-serve.json";

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var table = new StringBuilder(
            "| agents | how | steps in all | steps/s | tokens/s | step in ms, 50 / 95 / 99 % | first token in ms | gap between tokens in ms |\n"
                + "|---:|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var row in result.GetProperty("rows").EnumerateArray().OrderBy(r => r.GetProperty("agents").GetInt32()))
        {
            var how = row.GetProperty("mode").GetString() == "session" ? "sessions" : "everything read again";
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.GetProperty("agents")} | {how} | {row.GetProperty("steps")} | {row.GetProperty("stepsPerSecond").GetDouble():0.00} "
                    + $"| {row.GetProperty("tokensPerSecond").GetDouble():0.0} | {Read(row, "step")} | {Read(row, "firstToken")} | {Read(row, "gap")} |\n");
        }

        var (machine, first) = (result.GetProperty("machine"), result.GetProperty("rows")[0]);
        return table.Append(
            CultureInfo.InvariantCulture,
            $"\n{machine.GetProperty("processor").GetString()}, {machine.GetProperty("cores")} cores; the shipped model; {first.GetProperty("screens")} screenshots of "
                + $"{result.GetProperty("screenshot").GetString()!.Replace('x', '×')}, {first.GetProperty("method").GetString()} {first.GetProperty("keep").GetString()}, "
                + $"about {first.GetProperty("seconds").GetDouble():0} s a row: [result](../bench/results/{Name}).\n").ToString();
    }

    private static string Read(JsonElement row, string name)
    {
        var times = row.GetProperty(name);
        return $"{Of("p50")} / {Of("p95")} / {Of("p99")}";

        string Of(string part) => times.GetProperty(part).GetDouble().ToString("0", CultureInfo.InvariantCulture);
    }
}
