using System.Globalization;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Reports;

/// <summary>
/// The pictures of a run whose tasks were given step by step: for each method accuracy over the budget, a curve for each mode; of the last
/// answers, and of whole trajectories.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="name">What the files' names begin with.</param>
/// <param name="narrow">Whether the pictures are for narrow screens.</param>
internal sealed class SessionCurves(FinishedRun run, string name, bool narrow = false)
{
    private const string Axis = "kept share of the conversation's tokens (logarithmic)";

    /// <summary>The pictures, method by method; none of a method that has one budget.</summary>
    public IEnumerable<(string File, string Title, string Svg)> All()
    {
        var cells = run.Summary.Cells.Where(c => c is { N: > 0, Session: not null }).ToList();
        var full = cells.Find(c => c.Keep == RunCache.Everything);
        foreach (var (number, method) in cells.GroupBy(c => SessionMode.MethodOf(c.Method)).Index())
        {
            var keeps = method.Select(c => c.Keep).Where(k => k.EndsWith('%')).Distinct().OrderBy(Percent).ToList();
            if (keeps.Count < 2)
                continue;
            yield return Chart($"sessions-{number + 1}", $"{method.Key}: last answers", c => (c.Accuracy, c.Low, c.High));
            yield return Chart(
                $"trajectories-{number + 1}", $"{method.Key}: whole trajectories",
                c => (c.Session!.Accuracy, c.Session.Low, c.Session.High));

            (string File, string Title, string Svg) Chart(
                string file, string title, Func<SummaryCell, (double Share, double Low, double High)> share)
            {
                var chart = new CurveChart(title, Axis, [.. keeps.Select(k => (Percent(k), k))]) { Narrow = narrow };
                var curves = method.GroupBy(c => SessionMode.ModeOf(c.Method)!).Select(mode => new Curve(
                    mode.Key.Label,
                    [.. mode.Where(c => c.Keep.EndsWith('%')).OrderBy(c => Percent(c.Keep)).Select(c => Point(c, share(c)))]));
                return ($"{name}-{file}.svg", title, chart.Svg([.. curves], full is null ? null : share(full).Share));
            }
        }
    }

    private static CurvePoint Point(SummaryCell cell, (double Share, double Low, double High) share) =>
        new(Percent(cell.Keep), share.Share, share.Low, share.High);

    private static double Percent(string keep) => double.Parse(keep.TrimEnd('%'), CultureInfo.InvariantCulture);
}
