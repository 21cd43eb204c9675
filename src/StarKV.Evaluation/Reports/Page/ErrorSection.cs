using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>What could not be run, by reason: near the top of the page, since every share hangs on it.</summary>
internal static class ErrorSection
{
    public static Html Of(ReportPage page) => page.Runs.All(r => r.Summary.Errors == 0) ? Html.None : Html.Of($"""
        <section aria-labelledby="errors"><h2 id="errors">Errors</h2>
        <p>{ErrorText.Rule} Called again, the same command tries them again.</p>
        {page.Runs.Select((run, i) => Run(page, run.Summary, i))}
        </section>

        """);

    private static Html Run(ReportPage page, RunSummary summary, int index) => summary.Errors == 0 ? Html.None : Html.Of($"""
        <p>{(page.Runs.Count == 1 ? "" : $"Run {index + 1}: ")}{summary.Errors:N0} of {summary.Done:N0} tasks have errors.</p>
        <ul>{summary.Reasons.Select(r => Reason(r, summary.Cells.Count))}</ul>

        """);

    private static Html Reason(ErrorReason reason, int caches)
    {
        var which = reason.Tasks == 1 ? reason.Task : $"This is {reason.Task}; the others differ in names and numbers.";
        var tasks = ErrorText.Count(reason.Tasks, "task");
        return Html.Of(
            $"<li><strong>{tasks}</strong>, {reason.Where(caches)}: {reason.Reason} <small>{which}</small></li>\n");
    }
}
