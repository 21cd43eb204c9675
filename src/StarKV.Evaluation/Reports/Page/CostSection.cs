using System.Globalization;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>Memory held and time taken.</summary>
internal static class CostSection
{
    public static Html Of(RunCosts costs) => Html.Of($"""
        <h3>Memory and time</h3>
        <p>Medians over the tasks; small numbers are the range without the lowest and the highest tenth.</p>
        {Tables.Matrix("Bytes of keys and values held.", costs.Cells, c => c.Method, c => c.Keep, c => Bytes(c.Bytes))}
        {Tables.Matrix(SelectionTitle, costs.Cells, c => c.Method, c => c.Keep, c => Milliseconds(c.SelectionMilliseconds))}
        {Drafts([.. costs.Cells.Where(c => c.DraftHeldBytes is not null)])}
        {Stages(costs)}
        """);

    private static Html Drafts(IReadOnlyList<CellCosts> cells) => cells.Count == 0 ? Html.None : Html.Of($"""
        {Tables.Matrix(
            "Bytes of keys and values held when the draft had been written, before the cache was chosen: all rows, and the draft's cache.",
            cells, c => c.Method, c => c.Keep, c => Bytes(c.DraftHeldBytes!.Value))}
        {Tables.Matrix(
            "Writing the draft in milliseconds.", cells, c => c.Method, c => c.Keep, c => Milliseconds(c.DraftMilliseconds!.Value))}
        """);

    private const string SelectionTitle =
        "Selection in milliseconds: scoring, choosing and copying rows; on a GPU without waiting for it.";

    private static Html Bytes(Percentiles bytes) => Tables.Pair(Size(bytes.Median), $"{Size(bytes.Low)}–{Size(bytes.High)}");

    private static Html Milliseconds(Percentiles times) => Tables.Pair(Time(times.Median), Range(times));

    private static Html Stages(RunCosts costs) => costs.Stages.Count == 0
        ? Html.None
        : Tables.Of(Shared(costs.Caches), ["stage", "median ms", "range ms"], costs.Stages.Select(s => Stage(s.Key, s.Value)));

    private static IReadOnlyList<Html> Stage(string name, Percentiles times) =>
        [Tables.Text(name), Tables.Text(Time(times.Median)), Tables.Text(Range(times))];

    private static string Shared(int caches) => caches == 1
        ? "Time of a task by stage."
        : $"Time of a task by stage. One reading of the prompt serves all {caches} caches, and their answers are "
            + $"written side by side: prefill and decode are those of all together. For one method alone, run it alone.";

    private static string Range(Percentiles spread) => $"{Time(spread.Low)}–{Time(spread.High)}";

    private static string Time(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Size(double bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0}\u00A0KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.0}\u00A0MiB");
}
