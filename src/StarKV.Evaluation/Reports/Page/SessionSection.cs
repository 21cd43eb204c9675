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
        {BySteps(run)}
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

    private static Html BySteps(FinishedRun run)
    {
        string[] columns = ["cache", .. Enumerable.Range(1, SessionText.Steps(run.Summary)).Select(i => $"step {i}")];
        var rows = SessionText.BySteps(run.Summary).Select(r => (IReadOnlyList<Html>)
            [Tables.Text($"{r.Cell.Method} {r.Cell.Keep}"), .. r.Shares.Select(Tables.Text)]);
        return Html.Of($"""
            <details><summary>By step</summary>
            {Tables.Of("Right answers in percent to each step; n is the number of tasks that judge it.", columns, rows)}
            </details>

            """);
    }
}
