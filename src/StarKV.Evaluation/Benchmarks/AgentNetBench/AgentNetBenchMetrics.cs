namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>One step as the metrics count it.</summary>
/// <param name="Trajectory">Its trajectory.</param>
/// <param name="Type">The first true action's type.</param>
/// <param name="IsMilestone">Whether the task hangs on it.</param>
/// <param name="Score">0–1.</param>
/// <param name="HasPrediction">Whether the answer held an action.</param>
/// <param name="UsedAlternative">Whether an alternative gave the score.</param>
internal sealed record ScoredStep(string Trajectory, string Type, bool IsMilestone, double Score, bool HasPrediction, bool UsedAlternative);

/// <summary>The benchmark's numbers; names are those of the released files.</summary>
/// <param name="OverallScore">Mean over all steps.</param>
/// <param name="AverageTrajectoryScore">Mean over the trajectories of their steps' mean.</param>
/// <param name="MilestoneScore">Mean over milestones; outside of <c>strict</c> only over those with a prediction.</param>
/// <param name="ActionTypeScores">Mean for each true type, in the same way.</param>
/// <param name="AlternativeMatches">Steps whose score an alternative gave.</param>
/// <param name="AlternativeMatchPercentage">Percent of all steps.</param>
/// <param name="TotalSteps">Steps.</param>
/// <param name="TotalTrajectories">Trajectories.</param>
/// <param name="MilestoneSteps">Milestones.</param>
internal sealed record AgentNetBenchMetrics(
    double OverallScore, double AverageTrajectoryScore, double MilestoneScore, IReadOnlyDictionary<string, double> ActionTypeScores,
    int AlternativeMatches, double AlternativeMatchPercentage, int TotalSteps, int TotalTrajectories, int MilestoneSteps)
{
    /// <summary>Counts.</summary>
    public static AgentNetBenchMetrics Of(IReadOnlyList<ScoredStep> steps, Profile profile)
    {
        var counted = steps.Where(s => profile is Profile.Strict || s.HasPrediction).ToList();
        var alternatives = steps.Count(s => s.UsedAlternative);
        return new(
            Mean(steps),
            steps.GroupBy(s => s.Trajectory).Select(g => g.Average(s => s.Score)).DefaultIfEmpty(0).Average(),
            Mean(counted.Where(s => s.IsMilestone)),
            counted.GroupBy(s => s.Type).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, Mean),
            alternatives,
            steps.Count == 0 ? 0 : 100.0 * alternatives / steps.Count,
            steps.Count,
            steps.DistinctBy(s => s.Trajectory).Count(),
            steps.Count(s => s.IsMilestone));
    }

    private static double Mean(IEnumerable<ScoredStep> steps) => steps.Select(s => s.Score).DefaultIfEmpty(0).Average();
}
