using System.Text;
using System.Text.Json;

namespace StarKV.Server.Tests.Checks;

/// <summary>The table of docs/server-results.md is that of the figures in bench/results/server.</summary>
public sealed class PublishedChecksTests
{
    private const string Open = "<!-- generated: server checks -->\n", Close = "<!-- /generated -->";

    [Fact]
    public void The_table_is_that_of_the_figures()
    {
        var file = RepositoryFiles.Path("docs", "server-results.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Open, StringComparison.Ordinal) + Open.Length, text.IndexOf(Close, StringComparison.Ordinal));
        var table = Table();
        if (Environment.GetEnvironmentVariable(Snapshot.Variable) == "1")
            File.WriteAllText(file, text[..from] + table + text[to..]);
        else
            Assert.Equal(table, text[from..to]);
    }

    private static string Table()
    {
        var all = Directory.EnumerateFiles(RepositoryFiles.Path("bench", "results", "server"), "*.json").Order(StringComparer.Ordinal)
            .Select(f => JsonSerializer.Deserialize<CheckFigures>(File.ReadAllBytes(f))!).ToList();
        Assert.True(all.Count > 5);
        var table = new StringBuilder("| check | what was done | times | found |\n|---|---|---:|---|\n");
        foreach (var check in all)
            table.Append(FormattableString.Invariant($"| {check.Name} | {check.What} | {check.Times:N0} | {check.Found} |\n"));
        return table.Append($"\nMachine: {string.Join("; ", all.Select(c => c.Machine).Distinct())}.\n").ToString();
    }
}
