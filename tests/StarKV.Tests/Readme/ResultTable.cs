using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The README's table of what was measured on a card, beside transformers in the same run.</summary>
internal static class ResultTable
{
    /// <summary>The newest run of bench/gpu.sh.</summary>
    public const string Name = "2026-11-23-h200-7b-kernels.json";

    private const double MiB = 1 << 20, GiB = 1 << 30;

    public static string Make()
    {
        using var file = BenchResult.Open(Name);
        var result = file.RootElement;
        var (prefill, peer) = (result.GetProperty("prefill"), result.GetProperty("transformers"));
        var table = new StringBuilder($"| screenshots of {prefill.GetProperty("screenshot").GetString()!.Replace('x', '×')}, medians of {prefill.GetProperty("repeats")} | full cache | star-kv keep 20% | transformers |\n|---|---:|---:|---:|\n");
        foreach (var screens in new[] { 1, 5 })
            Line($"pixels to the first token, {Of(screens)}", "prefill", screens, r => Ms(r.GetProperty("pixelsToFirstToken")), r => Ms(r.GetProperty("milliseconds").GetProperty("pixelsToFirstToken")));
        Line("the same for a new one after the cache of four", "step", 5, r => Ms(r.GetProperty("pixelsToFirstToken")));
        foreach (var screens in new[] { 1, 5 })
            Line($"a token of the answer, {Of(screens)}", "decode", screens, r => Ms(r.GetProperty("decodePerToken"), 2), r => Ms(r.GetProperty("milliseconds").GetProperty("decodePerToken"), 2));
        Line("tokens per second, one session of 5", "sessions", 5, r => FormattableString.Invariant($"{Median(r.GetProperty("tokensPerSecond")):N0}"), sessions: 1);
        Line("tokens per second, 64 such sessions together", "sessions", 5, r => FormattableString.Invariant($"{Median(r.GetProperty("tokensPerSecond")):N0}"), sessions: 64);
        Line("keys and values held, 5 screenshots", "memory", 5, Held, Held);
        Line("peak memory, weights included", "memory", 5, r => Gigabytes(r.GetProperty("peakUsedBytes")), r => Gigabytes(r.GetProperty("peakAllocatedBytes")));
        Line("sessions of 5 that the card holds", "hold", 5, r => $"{r.GetProperty("sessionsHeld")}");
        table.Append($"\n{result.GetProperty("card").GetString()}; {peer.GetProperty("system").GetString()}; random weights in bf16, so only times, bytes and memory mean something. Spread, commit and the rest: [result](bench/results/{Name}).\n");
        return table.ToString();

        void Line(string what, string scenario, int screens, Func<JsonElement, string> ours, Func<JsonElement, string>? theirs = null, int? sessions = null)
        {
            JsonElement Row(string method) => result.GetProperty(scenario).GetProperty("rows").EnumerateArray().Single(r =>
                r.GetProperty("screens").GetInt32() == screens && r.GetProperty("method").GetString() == method && r.GetProperty("keep").GetString() is "100%" or "20%"
                && (sessions is null || r.GetProperty("sessions").GetInt32() == sessions));
            var beside = theirs is null ? "" : theirs(peer.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("screens").GetInt32() == screens));
            table.Append($"| {what} | {ours(Row("full"))} | {ours(Row("star-kv"))} | {beside} |\n");
        }
    }

    private static string Held(JsonElement row) => FormattableString.Invariant($"{row.GetProperty("kvBytesHeld").GetInt64() / MiB:N1} MiB");

    private static string Gigabytes(JsonElement bytes) => FormattableString.Invariant($"{bytes.GetInt64() / GiB:N2} GiB");

    private static string Of(int screens) => screens == 1 ? "1 screenshot" : $"{screens} screenshots";

    private static double Median(JsonElement spread) => spread.GetProperty("median").GetDouble();

    private static string Ms(JsonElement spread, int digits = 0) => Median(spread).ToString($"N{digits}", System.Globalization.CultureInfo.InvariantCulture) + " ms";
}
