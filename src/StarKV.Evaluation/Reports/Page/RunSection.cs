using System.Globalization;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>One run: accuracy, labels, paired tests, memory and time.</summary>
internal static class RunSection
{
    public static Html Of(ReportPage page, int index)
    {
        var (run, number) = (page.Runs[index], index + 1);
        var name = page.Runs.Count == 1 ? "Results" : $"Run {number}";
        var title = $"Right answers in percent at each budget, with Wilson's 95 % interval; {ErrorText.N(run.Summary)}.";
        var cells = run.Summary.Cells;
        return Html.Of($"""
            <section aria-labelledby="run{number}"><h2 id="run{number}">{name}: {run.Circumstances}</h2>
            <p>{ErrorText.Tasks(run.Summary)}</p>
            {(index == 0 ? Html.None : FirstScreen.Charts(run))}
            <h3>Accuracy</h3>
            {Tables.Matrix(title, cells, c => c.Method, c => c.Keep, c => Accuracy(c, run.Summary.MaxAnswered))}
            {SessionSection.Of(run, page.Reported[index].Costs)}
            {Labels(run.Summary)}
            {PairSection.Of(page, index)}
            {CostSection.Of(page.Reported[index].Costs)}
            </section>

            """);
    }

    /// <summary>The benchmark's own labels, each with a table; a label with one value says nothing.</summary>
    private static Html Labels(RunSummary summary)
    {
        var labels = summary.Cells.Count == 0 ? [] : summary.Cells[0].By.Where(l => l.Value.Count > 1).ToList();
        return labels.Count == 0 ? Html.None : Html.Of($"""
            <h3>By the benchmark's labels</h3>
            {labels.Select(l => Folded(summary, l.Key, l.Value))}
            """);
    }

    private static Html Folded(RunSummary summary, string label, IReadOnlyDictionary<string, Tally> values)
    {
        var some = string.Join(", ", values.Keys.Take(8)) + (values.Count > 8 ? ", …" : "");
        return Html.Of($"<details><summary>By {label} <small>{some}</small></summary>{Label(summary, label, values)}</details>\n");
    }

    private static Html Label(RunSummary summary, string label, IReadOnlyDictionary<string, Tally> values)
    {
        var max = values.Keys.ToDictionary(v => v, v => summary.Cells.Max(c => c.By[label][v].N));
        return Tables.Of(
            $"Right answers in percent for each {label}; n is the number of tasks.",
            ["method and budget", .. values.Keys.Select(v => $"{v} (n {max[v]})")],
            summary.Cells.Select(c =>
                (IReadOnlyList<Html>)[Tables.Text($"{c.Method} {c.Keep}"), .. values.Keys.Select(v => Share(c.By[label][v], max[v]))]));
    }

    private static Html Share(Tally tally, int max)
    {
        var share = tally.N == 0 ? "–" : Percent((double)tally.Right / tally.N);
        return tally.N == max ? Tables.Text(share) : Tables.Pair(share, ErrorText.Note(tally.N, 0, max));
    }

    private static Html Accuracy(SummaryCell c, int max)
    {
        var share = c.N == 0 ? Tables.Text("–") : Tables.Pair(Percent(c.Accuracy), $"{Percent(c.Low)}–{Percent(c.High)}");
        var note = ErrorText.Note(c, max);
        return note == "" ? share : Html.Of($"{share} <small class=\"no\">{note}</small>");
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
