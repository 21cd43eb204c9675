using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>The step score of GUI-KV and STaR-KV: the first predicted action against the first true one.</summary>
internal static class FirstActionScore
{
    /// <summary>The score, and whether an alternative gave it.</summary>
    /// <param name="predicted">The first predicted action; null for none.</param>
    /// <param name="truth">The first true action.</param>
    /// <param name="alternatives">The first action of each alternative.</param>
    public static (double Score, bool UsedAlternative) Of(
        OpenCuaAction? predicted, TrueAction truth, IReadOnlyList<TrueAction> alternatives)
    {
        if (predicted is null)
            return (0, false);
        var type = ActionScore.TypeOf(predicted.Kind);
        if (type != ActionScore.TypeOf(truth.Type))
        {
            // The first alternative of the predicted type takes the truth's place; it alone decides.
            var other = alternatives.FirstOrDefault(a => ActionScore.TypeOf(a.Type) == type);
            return other is null ? (0, false) : (ActionScore.Of(predicted, other), true);
        }

        var score = ActionScore.Of(predicted, truth);
        // A position's score is never exactly 0, so a click is not tried against other positions.
        var best = score == 0
            ? alternatives.Where(a => ActionScore.TypeOf(a.Type) == type).Select(a => ActionScore.Of(predicted, a)).DefaultIfEmpty(0).Max()
            : 0;
        return best > 0 ? (best, true) : (score, false);
    }
}
