using Spectre.Console;

namespace StarKV.Cli;

/// <summary>Tables on the terminal. Names are copied from them, so a column of names is as wide as they are and what is beside them wraps.</summary>
internal static class Tables
{
    /// <summary>A column of names, which no line break parts.</summary>
    /// <param name="title">Its title, without markup.</param>
    public static TableColumn Names(string title) => new TableColumn(Markup.Escape(title)).NoWrap();

    /// <summary>An empty table.</summary>
    /// <param name="names">The title of its first column, which holds names.</param>
    /// <param name="others">The titles of the other columns.</param>
    public static Table Of(string names, params IEnumerable<string> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Names(names));
        foreach (var title in others)
            table.AddColumn(Markup.Escape(title));
        return table;
    }
}
