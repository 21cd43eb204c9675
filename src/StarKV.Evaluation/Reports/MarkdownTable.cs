namespace StarKV.Evaluation.Reports;

/// <summary>A table of a Markdown page.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes a table; the first column is text, the others are numbers.</summary>
    public static Markdown Of(IEnumerable<Markdown> head, IEnumerable<IEnumerable<Markdown>> rows)
    {
        var titles = head.ToList();
        return Markdown.Of($"{Line(titles)}{Line(titles.Select((_, i) => i == 0 ? Markdown.Of($"---") : Markdown.Of($"---:")))}{rows.Select(Line)}");
    }

    private static Markdown Line(IEnumerable<Markdown> cells) => Markdown.Of($"| {new Markdown(string.Join(" | ", cells))} |\n");
}
