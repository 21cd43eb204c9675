using StarKV.Prefill;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Select;

/// <summary>Turns a method's scores into the tokens that a layer keeps: the best of the past, and the whole observation window.</summary>
public static class Selector
{
    /// <summary>The window and the number of past tokens kept for a capacity.</summary>
    /// <param name="capacity">Rows to keep, the window included; below <paramref name="length"/>.</param>
    /// <param name="window">The method's window length.</param>
    /// <param name="length">Prompt length L.</param>
    /// <returns>The window W (at least 1) and k = C − W, within [1, L − W].</returns>
    /// <remarks>A window that fills the capacity shrinks to C − 2, so that something of the past is kept (the released programs' rule).</remarks>
    public static (int Window, int Kept) Split(int capacity, int window, int length)
    {
        if (capacity <= window)
            window = Math.Max(1, capacity - 2);
        return (window, Math.Clamp(capacity - window, 1, length - window));
    }

    /// <summary>Chooses the tokens that a layer keeps.</summary>
    /// <returns>Prompt tokens, ascending, int64: [1 or G, rows]; null when everything is kept. The caller owns the tensor.</returns>
    public static Tensor? Select(ICompressionMethod method, KvBudget budget, in LayerInput layer, LayerMemory memory)
    {
        var length = layer.Tokens.Length;
        var capacity = method.Capacity(budget, length, layer.Layer, layer.Layers);
        if (capacity >= length)
            return null;

        using var scope = NewDisposeScope();
        var (window, kept) = Split(capacity, method.Window, length);
        var scores = method.Score(layer.Observe(window), memory);
        var (_, best) = scores.topk(kept, dim: 1, largest: true, sorted: false);
        var (ascending, _) = sort(best, 1);
        var tail = arange(length - window, length, ScalarType.Int64, scores.device).unsqueeze(0).expand(best.shape[0], window);
        return cat([ascending, tail], 1).MoveToOuterDisposeScope();
    }
}
