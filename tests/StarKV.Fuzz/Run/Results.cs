using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StarKV.Fuzz.Run;

/// <summary>A campaign's numbers as a table, for people and for docs/reliability.md.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["target", "inputs", "accepted", "refused", "other", "hangs", "slowest CPU s", "largest allocation MB"];

    /// <summary>One row for each target, and one for all.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(IReadOnlyDictionary<string, Tally> tallies) =>
        [.. tallies.Select(t => Row(t.Key, t.Value)), Row("all", tallies.Values.Aggregate((sum, t) => sum.Plus(t)))];

    /// <summary>The table as text, with what an input costs and how many ways there are to behave.</summary>
    public static string Table(IReadOnlyDictionary<string, Tally> tallies)
    {
        var all = tallies.Values.Aggregate((sum, t) => sum.Plus(t));
        var rows = Rows(tallies).Zip(tallies.Values.Append(all), (row, tally) => (IReadOnlyList<string>)[.. row, Number(1e6 * tally.CpuSeconds / Math.Max(1, tally.Inputs), "0"), Number(tally.CpuSeconds, "0.0"), $"{tally.Shapes}"]);
        List<IReadOnlyList<string>> lines = [[.. Columns, "µs each", "CPU s", "outcomes"], .. rows];
        var widths = Enumerable.Range(0, lines[0].Count).Select(i => lines.Max(l => l[i].Length)).ToList();
        return string.Join('\n', lines.Select(l => string.Join("  ", l.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))));
    }

    /// <summary>The table as JSON.</summary>
    public static string Json(IReadOnlyDictionary<string, Tally> tallies) => JsonSerializer.Serialize(new { columns = Columns, rows = Rows(tallies) }, s_json) + "\n";

    private static IReadOnlyList<string> Row(string name, Tally tally) =>
    [
        name, Count(tally.Inputs), Count(tally.Accepted), Count(tally.Refused), Count(tally.Other), Count(tally.Hangs), Number(tally.SlowestSeconds, "0.00"), Number(tally.LargestBytes / 1e6, "0.0"),
    ];

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
