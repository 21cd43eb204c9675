using Spectre.Console;

namespace StarKV.Cli;

/// <summary>
/// Tables on the terminal. Names are copied from them, so a column of names is as wide as they are and what is next to them wraps.
/// </summary>
public static class Tables
{
    /// <summary>A column of names, which no line break parts.</summary>
    public static TableColumn Names(ConsoleMarkup title) => Column(title).NoWrap();

    /// <summary>A column.</summary>
    public static TableColumn Column(ConsoleMarkup title) => new(title.ToParagraph());

    /// <summary>An empty table.</summary>
    /// <param name="names">The title of its first column, which holds names.</param>
    /// <param name="others">The titles of the other columns.</param>
    public static Table Of(ConsoleMarkup names, params IEnumerable<string> others) =>
        new Table().Border(TableBorder.Simple).AddColumn(Names(names)).Columns(others);

    /// <summary>Adds columns.</summary>
    public static Table Columns(this Table table, params IEnumerable<string> titles)
    {
        foreach (var title in titles)
            table.AddColumn(Column(title));
        return table;
    }

    /// <summary>Adds a row.</summary>
    public static void Row(this Table table, params IEnumerable<ConsoleMarkup> cells) => table.AddRow(cells.Select(c => c.ToParagraph()));

    /// <summary>Values next to their names, without lines.</summary>
    public static Grid Values() => new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();

    /// <summary>Adds a name and its value.</summary>
    public static void Row(this Grid grid, string name, ConsoleMarkup value) =>
        grid.AddRow(ConsoleMarkup.Of($"[bold]{name}[/]").ToParagraph(), value.ToParagraph());
}
