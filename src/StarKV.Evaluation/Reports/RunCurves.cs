using System.Globalization;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;
using StarKV.Score.Wrappers;

namespace StarKV.Evaluation.Reports;

/// <summary>A run's pictures: accuracy over the budget and over the bytes, and over the budget for each value of a label.</summary>
/// <param name="run">The run.</param>
/// <param name="name">What the files' names begin with.</param>
/// <param name="narrow">Whether the pictures are for narrow screens.</param>
internal sealed class RunCurves(FinishedRun run, string name, bool narrow = false)
{
    private const string ThatProtects = $":{Protected.OptionName}=";

    // Variants of a method are read as differences, since curves would overlap; one that protects a part of the prompt has its own.
    private readonly List<IGrouping<string, SummaryCell>> _methods =
    [
        .. run.Summary.Cells.Where(c => c.N > 0)
            .GroupBy(c => c.Method)
            .Where(m =>
                m.Count(c => c.Keep.EndsWith('%')) > 1
                    && ResultsPage.BaseOf(m.Key.Replace(ThatProtects, "", StringComparison.Ordinal)) is null),
    ];

    private SummaryCell? Full => run.Summary.Cells.FirstOrDefault(c => c is { Keep: RunCache.Everything, N: > 0 });

    /// <summary>Over the budget and over the bytes; nothing when no method has several budgets.</summary>
    public IEnumerable<(string File, string Title, string Svg)> Overall()
    {
        if (_methods.Count == 0)
            yield break;
        var full = Full?.Accuracy;
        yield return OverBudget("keep", "Accuracy over the budget", c => new CurvePoint(Percent(c.Keep), c.Accuracy, c.Low, c.High), full);
        (double, string)[] ticks = [(1, "1 %"), (2, "2 %"), (5, "5 %"), (10, "10 %"), (20, "20 %"), (50, "50 %"), (100, "100 %")];
        const string title = "Accuracy over the bytes held";
        var axis = $"bytes {(narrow ? "" : "of keys and values ")}held, share of the full cache (logarithmic)";
        var chart = new CurveChart(title, axis, ticks) { Narrow = narrow };
        yield return ($"{name}-bytes.svg", title, chart.Svg([.. _methods.Select(OverBytes)], full));
    }

    /// <summary>Over the budget, for each value of a label.</summary>
    public IEnumerable<(string File, string Title, string Svg)> By(string label) =>
        _methods.Count == 0 || !_methods[0].First().By.TryGetValue(label, out var values) ? [] : values.Select(value =>
            OverBudget($"{label}-{FileName(value.Key)}", $"{value.Key}, n {Most(label, value.Key)}", c => Point(c, c.By[label][value.Key]),
                Full?.By[label][value.Key] is { N: > 0 } full ? (double)full.Right / full.N : null));

    private Curve OverBytes(IGrouping<string, SummaryCell> method) => new(
        Name(method.Key),
        [.. method.OrderBy(c => c.ByteShare).Select(c => new CurvePoint(100 * c.ByteShare, c.Accuracy, c.Low, c.High))]);

    private (string File, string Title, string Svg) OverBudget(
        string file, string title, Func<SummaryCell, CurvePoint?> point, double? full)
    {
        var budgets = _methods.SelectMany(m => m).Select(c => c.Keep).Distinct().Where(k => k.EndsWith('%')).OrderBy(Percent).ToList();
        var of = run.Plan.Convention is BudgetConvention.Image ? "the image tokens" : "all prompt tokens";
        var ticks = budgets.Select(k => (Percent(k), k)).ToArray();
        var chart = new CurveChart(title, $"kept share of {of} (logarithmic)", ticks) { Narrow = narrow };
        return ($"{name}-{file}.svg", title, chart.Svg([.. _methods.Select(CurveOf)], full));

        Curve CurveOf(IGrouping<string, SummaryCell> method)
        {
            var cells = method.Where(c => c.Keep.EndsWith('%')).OrderBy(c => Percent(c.Keep));
            return new Curve(Name(method.Key), [.. cells.Select(point).OfType<CurvePoint>()]);
        }
    }

    /// <summary>A label's value as part of a file's name, in which nothing is a folder.</summary>
    private static string FileName(string value) => string.Concat(value.ToLowerInvariant().Select(c =>
        char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? $"{c}" : string.Create(CultureInfo.InvariantCulture, $"%{(int)c:x2}")));

    private int Most(string label, string value) => _methods.SelectMany(m => m).Max(c => c.By[label][value].N);

    private static string Name(string method) => method.Replace(ThatProtects, " + ", StringComparison.Ordinal);

    /// <summary>The point of a label's tasks; null when the cache answered none of them.</summary>
    private static CurvePoint? Point(SummaryCell cell, Tally tally)
    {
        if (tally.N == 0)
            return null;
        var interval = Wilson.Of(tally.Right, tally.N);
        return new CurvePoint(Percent(cell.Keep), interval.Share, interval.Low, interval.High);
    }

    private static double Percent(string keep) => double.Parse(keep.TrimEnd('%'), CultureInfo.InvariantCulture);
}
