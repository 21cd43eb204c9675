using StarKV.Prefill;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Select;

/// <summary>Turns a method's scores into the rows that a layer keeps: the best of the past, and the whole observation window.</summary>
public static class Selector
{
    /// <summary>Chooses the rows that a layer keeps.</summary>
    /// <param name="method">Scores the past.</param>
    /// <param name="plan">Window and past rows to keep.</param>
    /// <param name="observation">The layer, seen with the plan's window.</param>
    /// <param name="memory">What the method remembers.</param>
    /// <returns>Rows, ascending, int64: [1, G or H, kept]. The caller owns the tensor.</returns>
    public static Tensor Select(ICompressionMethod method, KeepPlan plan, in LayerObservation observation, LayerMemory memory)
    {
        using var scope = NewDisposeScope();
        var scores = method.Score(observation, memory);
        var (_, best) = scores.topk(plan.Past, dim: 1, largest: true, sorted: false);
        var (ascending, _) = sort(best, 1);
        var tail = arange(observation.Past, observation.Past + plan.Window, ScalarType.Int64, scores.device).unsqueeze(0).expand(best.shape[0], plan.Window);
        return cat([ascending, tail], 1).MoveToOuterDisposeScope();
    }
}
