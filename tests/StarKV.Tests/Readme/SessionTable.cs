using System.Globalization;
using System.Text;

namespace StarKV.Tests.Readme;

/// <summary>The table of sessions that decode together on one card.</summary>
internal static class SessionTable
{
    private const string Name = "2026-11-23-h200-7b-sessions.json";
    private const double MiB = 1 << 20, GiB = 1 << 30;

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var sessions = file.RootElement.GetProperty("sessions");
        var table = new StringBuilder("| cache | sessions | tokens per second, median (min–max) | keys and values held | peak memory, weights included |\n|---|---:|---:|---:|---:|\n");
        foreach (var row in sessions.GetProperty("rows").EnumerateArray())
        {
            var (speed, held, peak) = (row.GetProperty("tokensPerSecond"), row.GetProperty("kvBytesHeld").GetInt64(), row.GetProperty("peakUsedBytes").GetInt64());
            table.Append(CultureInfo.InvariantCulture, $"| {row.GetProperty("method").GetString()} {row.GetProperty("keep").GetString()} | {row.GetProperty("sessions").GetInt32()} "
                + $"| {BenchResult.Spread(speed, "N0")} | {held / MiB:N0} MiB | {peak / GiB:N1} GiB |\n");
        }

        var (machine, screens) = (sessions.GetProperty("machine"), sessions.GetProperty("rows")[0].GetProperty("screens"));
        return table.Append($"\n{machine.GetProperty("card").GetString()}; the 7B shape, random weights in bf16; {screens} screenshots of {sessions.GetProperty("screenshot").GetString()!.Replace('x', '×')} per session, "
            + $"{sessions.GetProperty("repeats")} repeats: [result](../bench/results/{Name}).\n").ToString();
    }
}
