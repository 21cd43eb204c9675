using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Benchmarks.ScreenSpot;

/// <summary>One grounding question as the tables count it.</summary>
/// <param name="UiType"><c>text</c> or <c>icon</c>.</param>
/// <param name="Verdict">What became of the answer.</param>
internal sealed record Hit(string UiType, Verdict Verdict);

/// <summary>Hits of a group of grounding questions. Member names are those of the published result files.</summary>
/// <param name="NumCorrectAction">Right answers.</param>
/// <param name="NumTotal">Questions.</param>
/// <param name="WrongFormatNum">Answers without a readable point, where the profile counts them apart; else 0.</param>
/// <param name="ActionAcc">Right of all questions, 0–1; 0 without any.</param>
/// <param name="TextAcc">The same for text targets.</param>
/// <param name="IconAcc">The same for icons.</param>
internal sealed record HitRate(int NumCorrectAction, int NumTotal, int WrongFormatNum, double ActionAcc, double TextAcc, double IconAcc)
{
    /// <summary>Counts.</summary>
    /// <param name="hits">The questions.</param>
    /// <param name="countsUnreadable">Whether answers without a point are counted apart.</param>
    public static HitRate Of(IReadOnlyList<Hit> hits, bool countsUnreadable) => new(
        hits.Count(h => h.Verdict is Verdict.Right), hits.Count, countsUnreadable ? hits.Count(h => h.Verdict is Verdict.Unreadable) : 0,
        Share(hits), Share([.. hits.Where(h => h.UiType == "text")]), Share([.. hits.Where(h => h.UiType == "icon")]));

    /// <summary>Right answers of all, 0–1; 0 without any.</summary>
    public static double Share(IReadOnlyList<Hit> hits) =>
        hits.Count == 0 ? 0 : (double)hits.Count(h => h.Verdict is Verdict.Right) / hits.Count;
}
