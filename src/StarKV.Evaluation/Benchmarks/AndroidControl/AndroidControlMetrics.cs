namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>The benchmark's numbers; names are those of the released files.</summary>
/// <param name="StepAccuracy">Right steps of all, 0–1; 0 without any.</param>
/// <param name="CorrectSteps">Right steps.</param>
/// <param name="TotalSteps">Steps that were answered.</param>
/// <param name="GroundingAccuracy">
/// Right steps of those that act on an element; in the profile <c>official</c> only of those with the true type predicted.
/// </param>
/// <param name="CorrectGroundingSteps">Their right ones.</param>
/// <param name="GroundingSteps">Their number.</param>
internal sealed record AndroidControlMetrics(
    double StepAccuracy, int CorrectSteps, int TotalSteps, double GroundingAccuracy, int CorrectGroundingSteps, int GroundingSteps)
{
    /// <summary>Counts.</summary>
    /// <param name="steps">For each step whether it acts on an element and counts there, and whether it is right.</param>
    public static AndroidControlMetrics Of(IReadOnlyList<(bool Grounding, bool Right)> steps)
    {
        var (right, grounding) = (steps.Count(s => s.Right), steps.Where(s => s.Grounding).ToList());
        var hits = grounding.Count(s => s.Right);
        return new(Share(right, steps.Count), right, steps.Count, Share(hits, grounding.Count), hits, grounding.Count);
    }

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;
}
