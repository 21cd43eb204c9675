using System.Globalization;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>
/// What tasks that are given step by step came to in each mode: last answers and trajectories, tokens read, bytes held, times.
/// </summary>
internal static class SessionSection
{
    /// <summary>The section; nothing where tasks were single questions.</summary>
    public static Html Of(FinishedRun run, RunCosts costs) => run.Plan.Sessions is null ? Html.None : Html.Of($"""
        <h3>Step by step</h3>
        <p>{SessionText.Rule} Milliseconds are the median of the steps after the first, whose screenshots the vision tower has seen.</p>
        {Tables.Of("Sessions and reading again; shares in percent with Wilson's 95 % interval.", Columns, Rows(run, costs))}
        {SessionText.BySteps(run.Summary).Select(t => ByStep(t.Title, t.Columns, t.Rows))}
        """);

    private static string[] Columns => [.. SessionText.Columns, "ms a step"];

    private static IEnumerable<IReadOnlyList<Html>> Rows(FinishedRun run, RunCosts costs)
    {
        var times = costs.Cells.ToDictionary(c => (c.Method, c.Keep), c => c.StepMilliseconds);
        return SessionText.Rows(run.Summary).Select(r => (IReadOnlyList<Html>)
            [.. r.Row.Select(Tables.Text), Tables.Text(Time(times.GetValueOrDefault((r.Cell.Method, r.Cell.Keep))))]);
    }

    private static string Time(Percentiles? times) =>
        times is null ? "–" : times.Value.Median.ToString("#,0.0", CultureInfo.InvariantCulture);

    private static Html ByStep(string title, IReadOnlyList<string> columns, IEnumerable<StepShares> rows) => Html.Of($"""
        <details><summary>{title}</summary>
        {Tables.Of($"{title} in percent; n is the number of those that are judged.", ["cache", .. columns], rows.Select(ByStep))}
        </details>

        """);

    private static IReadOnlyList<Html> ByStep(StepShares row) =>
        [Tables.Text($"{row.Cell.Method} {row.Cell.Keep}"), .. row.Shares.Select(Tables.Text)];
}
