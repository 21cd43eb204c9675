using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Benchmarks.ScreenSpotV2;

/// <summary>Accuracies of one task, 0–1; null where it has no row of that type.</summary>
/// <param name="Task"><c>mobile</c>, <c>desktop</c> or <c>web</c>.</param>
/// <param name="TextAccuracy">Text targets.</param>
/// <param name="IconAccuracy">Icons.</param>
/// <param name="CombinedAccuracy">The mean of the two.</param>
internal sealed record TaskAccuracy(string Task, double? TextAccuracy, double? IconAccuracy, double? CombinedAccuracy);

/// <summary>The benchmark's numbers; names are those of the released summaries, accuracies are 0–1.</summary>
/// <param name="TotalSamples">Rows; in the profiles <c>guikv</c> and <c>starkv</c> only those with a readable answer, as there.</param>
/// <param name="OverallAccuracy">The macro mean of the released programs: of the text mean and the icon mean over the tasks.</param>
/// <param name="TextAccuracy">The mean of the tasks' text accuracies.</param>
/// <param name="IconAccuracy">The mean of the tasks' icon accuracies.</param>
/// <param name="MicroAccuracy">Right of all rows, as nearly all published tables have it.</param>
/// <param name="WrongFormatSamples">Rows whose answer has no readable point.</param>
/// <param name="TaskBreakdown">Task by task.</param>
internal sealed record ScreenSpotV2Metrics(
    int TotalSamples,
    double? OverallAccuracy,
    double? TextAccuracy,
    double? IconAccuracy,
    double MicroAccuracy,
    int WrongFormatSamples,
    IReadOnlyList<TaskAccuracy> TaskBreakdown)
{
    /// <summary>Counts; every row that was answered is in the denominators.</summary>
    public static ScreenSpotV2Metrics Of(IReadOnlyList<(string Task, Hit Hit)> rows, Profile profile)
    {
        var tasks = rows.GroupBy(r => r.Task, r => r.Hit).Select(g =>
        {
            var (text, icon) = (Share(g, "text"), Share(g, "icon"));
            return new TaskAccuracy(g.Key, text, icon, Mean(text, icon));
        }).ToList();
        var unreadable = rows.Count(r => r.Hit.Verdict is Verdict.Unreadable);
        var (texts, icons) = (Mean([.. tasks.Select(t => t.TextAccuracy)]), Mean([.. tasks.Select(t => t.IconAccuracy)]));
        return new(
            rows.Count - (profile is Profile.Strict ? 0 : unreadable),
            Mean(texts, icons),
            texts,
            icons,
            HitRate.Share([.. rows.Select(r => r.Hit)]),
            unreadable,
            tasks);
    }

    private static double? Share(IEnumerable<Hit> hits, string type) =>
        hits.Where(h => h.UiType == type).ToList() is { Count: > 0 } some ? HitRate.Share(some) : null;

    private static double? Mean(params double?[] values) => values.Average();
}
