using System.Globalization;
using StarKV.Evaluation.Runs;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>Which differences between methods are more than chance, at budgets matched by tokens or by bytes as the run was.</summary>
internal static class PairSection
{
    public static Html Of(ReportPage page, int index)
    {
        var (plan, comparisons) = (page.Runs[index].Plan, page.Reported[index].Comparisons);
        if (comparisons.Count == 0)
            return Html.None;
        var bytes = plan.Match is MatchBy.Bytes;
        return Html.Of($"""
            <h3>Paired tests at matched {(bytes ? "bytes" : "budget")}</h3>
            {Legend(page, bytes)}
            {comparisons.Select(Comparison)}
            """);
    }

    private static Html Legend(ReportPage page, bool bytes) => Html.Of(
        $"<p>Both methods answered the same tasks, {(bytes ? "holding equally many bytes" : "keeping equally many tokens")}. A number "
            + $"is the difference in percentage points; <strong class=\"yes\">▲</strong> and <strong class=\"no\">▼</strong> mark "
            + $"differences that count: McNemar's exact test, corrected by Holm for all tests of the table, below 5 %."
            + $"{Missing(page, bytes)}</p>");

    /// <summary>Says how the other comparison is had when no run of the page has it.</summary>
    private static Html Missing(ReportPage page, bool bytes) => page.Runs.Any(r => r.Plan.Match is MatchBy.Bytes != bytes) ? Html.None
        : Html.Of(
            $" None of the runs of this page is matched by {(bytes ? "tokens" : "bytes")}; a run "
                + $"with <code>--match {(bytes ? "tokens" : "bytes")}</code> adds that comparison.");

    private const string NumbersTitle =
        "n: tasks that both answered. The difference's 95 % interval is a bootstrap with a fixed seed.";

    private static readonly string[] s_columns =
    [
        "first", "second", "budget", "n", "only first right", "only second right", "difference", "p", "p corrected", "the first is",
    ];

    private static Html Comparison(Comparison comparison)
    {
        var max = comparison.Tests.Max(t => t.N);
        var n = $"n {max}{(comparison.Tests.All(t => t.N == max) ? "" : " where a cell does not say otherwise")}";
        return Html.Of($"""
            {Tables.Matrix($"{comparison.Title}, percentage points, {n}.", comparison.Tests, t => t.First, t => t.Keep, Cell)}
            <details><summary>{comparison.Title}: all numbers</summary>
            {Tables.Of(NumbersTitle, s_columns, comparison.Tests.Select(Numbers))}
            </details>

            """);

        Html Cell(PairedTest t) =>
            Html.Of($"{Mark(t)} {Points(t.Difference)}{(t.N == max ? Html.None : Html.Of($" <small>n {t.N}</small>"))}");
    }

    private static IReadOnlyList<Html> Numbers(PairedTest t) =>
    [
        .. new[]
        {
            t.First,
            t.Second,
            t.Keep,
            $"{t.N}",
            $"{t.OnlyFirst}",
            $"{t.OnlySecond}",
            $"{Points(t.Difference)} [{Points(t.Low)}, {Points(t.High)}]",
            P(t.P),
            P(t.Corrected),
            t.Finding,
        }.Select(Tables.Text),
    ];

    private static Html Mark(PairedTest t) => t.Finding switch
    {
        "better" => Html.Of($"<strong class=\"yes\" title=\"better\">▲</strong>"),
        "worse" => Html.Of($"<strong class=\"no\" title=\"worse\">▼</strong>"),
        _ => Html.None,
    };

    private static string Points(double share) => (100 * share).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static string P(double p) => p < 0.0001 ? "< 0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);
}
