using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// Layers whose attention is spread wide keep more, at a fixed total: capacity in proportion to the temperature of STaR-KV's entropy axis.
/// </summary>
/// <remarks>
/// An extension of this project: arXiv 2606.01790 raises a layer's scores to 1/T, which cannot change what the layer keeps; here the same T
/// moves rows between layers. Its entropy is that of the pooled window attention's mean over the heads, without the spatial boost.
/// </remarks>
/// <param name="attention">Window and pooling of the attention.</param>
/// <param name="minTemperature">Temperature at entropy 0, above 0.</param>
/// <param name="maxTemperature">Temperature at the largest entropy, above 0.</param>
public sealed class EntropyBudget(AttentionOptions attention, double minTemperature = 0.75, double maxTemperature = 1.25) : ILayerBudget
{
    /// <inheritdoc/>
    public string Name => "entropy";

    /// <inheritdoc/>
    public bool NeedsMeasures => true;

    /// <summary>The temperature T of the layer.</summary>
    public Tensor Measure(in LayerObservation layer)
    {
        var mean = WindowAttention.Pooled(layer, attention.Kernel, attention.Pooling).mean([0], true);
        return (minTemperature + (maxTemperature - minTemperature) * AttentionEntropy.Of(mean)).squeeze();
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var capacity = budget.Capacity(prompt.Length);
        if (capacity >= prompt.Length)
            return new KeepPlan?[layers];
        var (sum, total) = (measures.Sum(), capacity * layers);
        var rows = LayerShares.WithinTotal([.. measures.Select(t => (int)Math.Ceiling(total * t / sum))], total, prompt.Length);
        // What a layer at the prompt's length cannot hold goes to the others: the total is fixed.
        LayerShares.FillSmallest(rows, total - rows.Sum(), prompt.Length);
        return [.. rows.Select(r => KeepPlan.OfRows(r, window, prompt.Length))];
    }
}
