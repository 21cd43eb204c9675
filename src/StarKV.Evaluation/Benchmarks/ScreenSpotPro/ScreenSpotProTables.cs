using StarKV.Evaluation.Benchmarks.ScreenSpot;

namespace StarKV.Evaluation.Benchmarks.ScreenSpotPro;

/// <summary>One question with what the tables group by.</summary>
/// <param name="Group">Such as <c>Dev</c> or <c>CAD</c>.</param>
/// <param name="Application">Such as <c>vscode</c>.</param>
/// <param name="Platform"><c>windows</c>, <c>macos</c> or <c>linux</c>.</param>
/// <param name="Hit">Target type and verdict.</param>
internal sealed record ProHit(string Group, string Application, string Platform, Hit Hit);

/// <summary>
/// The benchmark's tables. The keys are those of the published result files; combinations without a question are left out.
/// </summary>
/// <param name="FineGrained">By platform and application.</param>
/// <param name="SeeclickStyle">By platform.</param>
/// <param name="LeaderboardSimpleStyle">By group.</param>
/// <param name="LeaderboardDetailedStyle">By application.</param>
/// <param name="Overall">All questions; <c>action_acc</c> is the micro mean.</param>
internal sealed record ScreenSpotProTables(
    IReadOnlyDictionary<string, HitRate> FineGrained,
    IReadOnlyDictionary<string, HitRate> SeeclickStyle,
    IReadOnlyDictionary<string, HitRate> LeaderboardSimpleStyle,
    IReadOnlyDictionary<string, HitRate> LeaderboardDetailedStyle,
    HitRate Overall)
{
    // One combination of instruction style, target type and language exists in the released runs.
    private const string Kind = "inst_style:instruction gt_type:positive";

    /// <summary>Counts.</summary>
    /// <param name="hits">The questions.</param>
    /// <param name="countsUnreadable">Whether answers without a point are counted apart; the released programs count them as wrong.</param>
    public static ScreenSpotProTables Of(IReadOnlyList<ProHit> hits, bool countsUnreadable)
    {
        return new(
            By(h => $"plat:{h.Platform} app:{h.Application} {Kind}"), By(h => $"plat:{h.Platform} {Kind}"),
            By(h => $"group:{h.Group}"), By(h => $"app:{h.Application}"), Rate(hits));

        HitRate Rate(IEnumerable<ProHit> some) => HitRate.Of([.. some.Select(h => h.Hit)], countsUnreadable);
        Dictionary<string, HitRate> By(Func<ProHit, string> key) =>
            hits.GroupBy(key).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, Rate);
    }
}
