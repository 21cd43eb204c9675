using StarKV.Evaluation.Records;
using StarKV.Reports.Markup;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>
/// What a run found, in one sentence: the smallest budget at which nine of ten of the
/// full cache's right answers are kept, and the method that keeps most of them there.
/// </summary>
/// <param name="Cell">The method and budget that the sentence is about.</param>
/// <param name="Full">The full cache; null when the run has none.</param>
internal sealed record Headline(SummaryCell Cell, SummaryCell? Full)
{
    /// <summary>The share of the full cache's right answers that counts as kept.</summary>
    private const double Enough = 0.9;

    private bool Reached => Reaches(Cell, Full);

    /// <summary>The headline; null for a run in which no compressed cache answered.</summary>
    public static Headline? Of(RunSummary summary)
    {
        var answered = summary.Cells.Where(c => c.N > 0).ToList();
        var full = answered.FirstOrDefault(c => c.Keep == "100%");
        // A run of sessions is about them, not about what they are compared with.
        var compressed = answered.Where(c => c.Keep != "100%" && SessionMode.ModeOf(c.Method) is not { ReadsAgain: true }).ToList();
        var reached = compressed.Where(c => Reaches(c, full)).ToList();
        // Methods round one budget to rows differently; a few bytes less are not a smaller budget.
        var keep = reached.MinBy(c => c.ByteShare)?.Keep;
        var chosen = (keep is null ? compressed : reached.Where(c => c.Keep == keep))
            .OrderByDescending(c => (double)c.Right / c.N)
            .ThenBy(c => c.ByteShare)
            .FirstOrDefault();
        return chosen is null ? null : new Headline(chosen, full);
    }

    /// <summary>The sentence.</summary>
    public string Sentence => (Full, Reached) switch
    {
        _ when Cell.Right == 0 =>
            $"No compressed cache gave a right answer{(Full is null ? "" : $"; the full cache gives {Numbers.Percent(Full.Accuracy)}")}.",
        (null, _) =>
            $"{Cell.Method} gave the most right answers, {Numbers.Percent(Cell.Accuracy)}, "
                + $"holding {Numbers.Percent(Cell.ByteShare)} of the cache's bytes.",
        (_, true) =>
            $"Holding {Numbers.Percent(Cell.ByteShare)} of the cache's bytes, {Cell.Method} gives "
                + $"{Numbers.Percent(Cell.Accuracy)} right answers; the full cache gives {Numbers.Percent(Full.Accuracy)}.",
        _ =>
            $"No smaller cache kept nine of ten of the full cache's right answers ({Numbers.Percent(Full.Accuracy)}); the nearest was "
                + $"{Cell.Method} with {Numbers.Percent(Cell.Accuracy)}, holding {Numbers.Percent(Cell.ByteShare)} of the bytes.",
    };

    /// <summary>How it was chosen, and how sure it is.</summary>
    public string Caution =>
        $"{Cell.Method} at {Cell.Keep}: {Cell.Right} of {Cell.N} right, 95 % interval "
            + $"{Interval(Cell)}{(Full is null ? "" : $"; full cache: {Full.Right} of {Full.N}, {Interval(Full)}")}. "
        + (
            Cell.Right == 0 ? "No compressed cache has more"
                : Reached ? "No smaller budget keeps nine of ten of the full cache's right answers, and no method more of them at this one"
                : "It has the most right answers of all compressed caches")
        + ", chosen by looking at all results"
        + (Cell.N < 100 ? $"; {Cell.N} tasks are few, and the intervals wide." : ".");

    /// <summary>Whether enough is kept, as shares: with errors the two may have answered different numbers of tasks.</summary>
    private static bool Reaches(SummaryCell cell, SummaryCell? full) =>
        full is { Right: > 0 } && (double)cell.Right * full.N >= Enough * full.Right * cell.N;

    private static string Interval(SummaryCell cell) => FormattableString.Invariant($"[{100 * cell.Low:0.0}, {100 * cell.High:0.0}]");
}
