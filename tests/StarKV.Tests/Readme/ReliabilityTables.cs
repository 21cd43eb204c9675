using System.Text;
using System.Text.Json;

namespace StarKV.Tests.Readme;

/// <summary>The tables of docs/reliability.md: one for each result file of bench/results/reliability.</summary>
internal static class ReliabilityTables
{
    private const string Folder = "bench/results/reliability";

    public static IEnumerable<string> Names
        => Directory.EnumerateFiles(RepositoryFiles.Path(Folder.Split('/')), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public static string Make(string name)
    {
        using var file = JsonDocument.Parse(RepositoryText.Read($"{Folder}/{name}.json"));
        var result = file.RootElement;
        var columns = Cells(result.GetProperty("columns"));
        var table = new StringBuilder($"{Text(result, "about")}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat("---|", columns.Count))}\n");
        foreach (var row in result.GetProperty("rows").EnumerateArray())
        {
            var cells = Cells(row);
            Assert.True(cells.Count == columns.Count, $"{Folder}/{name}.json: a row of {cells.Count} cells under {columns.Count} columns.");
            table.Append($"| {string.Join(" | ", cells)} |\n");
        }

        return table.Append($"\n`{Text(result, "command")}` at {Text(result, "commit")}, {Text(result, "date")}; {Text(result, "machine")}: [result](../{Folder}/{name}.json).\n").ToString();
    }

    private static string Text(JsonElement result, string name) => result.GetProperty(name).GetString()!;

    private static List<string> Cells(JsonElement row) => [.. row.EnumerateArray().Select(c => c.GetString()!.Replace("|", "\\|", StringComparison.Ordinal))];
}
