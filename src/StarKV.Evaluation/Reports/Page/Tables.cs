using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>
/// Tables of the page: the first column names the row, the others hold numbers; they scroll where they are wider than the window.
/// </summary>
internal static class Tables
{
    /// <summary>A table.</summary>
    /// <param name="caption">What its numbers are.</param>
    /// <param name="head">Titles of the columns.</param>
    /// <param name="rows">Rows; the first cell is the row's name.</param>
    public static Html Of(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<Html>> rows) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table>
        <caption>{caption}</caption>
        <thead><tr>{head.Select((h, i) => Html.Of($"<th scope=\"col\"{(i == 0 ? Html.None : s_number)}>{h}</th>"))}</tr></thead>
        <tbody>{rows.Select(Row)}</tbody>
        </table></div>

        """);

    /// <summary>Methods down, budgets across.</summary>
    /// <param name="caption">What its numbers are.</param>
    /// <param name="cells">What there is for a method at a budget.</param>
    /// <param name="method">A cell's method.</param>
    /// <param name="keep">A cell's budget.</param>
    /// <param name="show">A cell's text.</param>
    public static Html Matrix<T>(string caption, IEnumerable<T> cells, Func<T, string> method, Func<T, string> keep, Func<T, Html> show)
        where T : class
    {
        var all = cells.ToList();
        var keeps = all.Select(keep).Distinct().OrderBy(k => k == "100%").ToList();
        return Of(caption, ["method", .. keeps], all.GroupBy(method).Select(m => (IReadOnlyList<Html>)
            [Text(m.Key), .. keeps.Select(k => m.FirstOrDefault(c => keep(c) == k) is { } cell ? show(cell) : Html.None)]));
    }

    /// <summary>Plain text.</summary>
    public static Html Text(string text) => Html.Of($"{text}");

    /// <summary>A number followed by a smaller one.</summary>
    public static Html Pair(string number, string small) => Html.Of($"{number} <small>{small}</small>");

    private static readonly Html s_number = new(" class=\"n\"");

    private static Html Row(IReadOnlyList<Html> cells) =>
        Html.Of($"<tr><th scope=\"row\">{cells[0]}</th>{cells.Skip(1).Select(c => Html.Of($"<td class=\"n\">{c}</td>"))}</tr>\n");
}
