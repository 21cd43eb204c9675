using System.Text;

namespace StarKV.Evaluation.Reports;

/// <summary>A table of a Markdown page.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes a table; the first column is text, the others are numbers.</summary>
    public static string Of(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var titles = head.ToList();
        var table = new StringBuilder().Append(Line(titles)).Append(Line(titles.Select((_, i) => i == 0 ? "---" : "---:")));
        foreach (var row in rows)
            table.Append(Line(row));
        return table.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
