namespace StarKV.Evaluation.Reports;

/// <summary>A table of a Markdown page.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes a table; the first column is text, the others are numbers.</summary>
    public static Markdown Of(IEnumerable<Markdown> head, IEnumerable<IEnumerable<Markdown>> rows)
    {
        var titles = head.ToList();
        var sides = titles.Select((_, i) => new Markdown(i == 0 ? "---" : "---:"));
        return Markdown.Of($"{Line(titles)}{Line(sides)}{rows.Select(Line)}");
    }

    private static Markdown Line(IEnumerable<Markdown> cells) => Markdown.Of($"| {new Markdown(string.Join(" | ", cells))} |\n");
}
