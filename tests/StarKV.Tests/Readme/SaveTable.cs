using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The table of a session's way to a file and back.</summary>
internal static class SaveTable
{
    private const string Name = "2026-11-30-h200-7b-save.json";

    private const double MiB = 1 << 20;

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var table = new StringBuilder(
            "| storage | file | save in ms, median (min–max) | restore in ms | to the host in ms | next step in ms | behind the host | behind the file |\n"
                + "|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var row in result.GetProperty("rows").EnumerateArray())
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.GetProperty("storage").GetString()} | {row.GetProperty("fileBytes").GetInt64() / MiB:N0} MiB | {Read(row, "save")} | {Read(row, "restore")} "
                    + $"| {Read(row, "offload")} | {Read(row, "nextStep")} | {Read(row, "nextStepAfterOffload")} | {Read(row, "nextStepAfterRestore")} |\n");
        }

        var first = result.GetProperty("rows")[0];
        return table.Append(
            CultureInfo.InvariantCulture,
            $"\n{result.GetProperty("machine").GetProperty("card").GetString()}, {first.GetProperty("fileSystem").GetString()}; the 7B shape, random weights in bf16; "
                + $"{first.GetProperty("screens")} screenshots of {result.GetProperty("screenshot").GetString()!.Replace('x', '×')}, "
                + $"{first.GetProperty("method").GetString()} {first.GetProperty("keep").GetString()}, {result.GetProperty("repeats")} repeats: "
                + $"[result](../bench/results/{Name}).\n").ToString();
    }

    private static string Read(JsonElement row, string name) => BenchResult.Spread(row.GetProperty(name), "0");
}
