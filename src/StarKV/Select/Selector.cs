using StarKV.Prefill;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Select;

/// <summary>Turns a method's scores into the tokens that a layer keeps: the best of the past, and the whole observation window.</summary>
public static class Selector
{
    /// <summary>Chooses the tokens that a layer keeps.</summary>
    /// <returns>Prompt tokens, ascending, int64: [1, G or H, rows]; null when everything is kept. The caller owns the tensor.</returns>
    public static Tensor? Select(ICompressionMethod method, KvBudget budget, in LayerInput layer, LayerMemory memory)
    {
        var length = layer.Tokens.Length;
        if (method.Plan(budget, length, layer.Layer, layer.Layers) is not { } plan)
            return null;

        using var scope = NewDisposeScope();
        var scores = method.Score(layer.Observe(plan), memory);
        var (_, best) = scores.topk(plan.Past, dim: 1, largest: true, sorted: false);
        var (ascending, _) = sort(best, 1);
        var tail = arange(length - plan.Window, length, ScalarType.Int64, scores.device).unsqueeze(0).expand(best.shape[0], plan.Window);
        return cat([ascending, tail], 1).MoveToOuterDisposeScope();
    }
}
