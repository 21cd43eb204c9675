using System.Diagnostics.CodeAnalysis;
using StarKV.Budget;
using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>On what a layer's sparsity is measured.</summary>
public enum Sparsity
{
    /// <summary>On the layer as the prompt reached it: the paper.</summary>
    Chained,

    /// <summary>
    /// On the layer as if the prompt's embeddings were its input: the released program, whose extra pass does not chain the layers.
    /// </summary>
    Embeddings,
}

/// <summary>
/// Layers whose attention is spread wide keep more: the share of a layer is that of its attention weights above a threshold.
/// </summary>
/// <remarks>
/// Source: VL-Cache, arXiv 2410.23317, section 4.1: γ is the share of
/// attention entries at or below 0.01, a layer's share (1 − γ) / Σ(1 − γ).
/// </remarks>
/// <param name="sparsity">On what γ is measured.</param>
public sealed class SparsityBudget(Sparsity sparsity = Sparsity.Chained) : ILayerBudget
{
    /// <summary>Attention weights up to this one count as zero.</summary>
    public const double Threshold = 0.01;

    private const double MinShare = 0.001;

    /// <inheritdoc/>
    public string Name => "sparsity";

    /// <inheritdoc/>
    public bool NeedsMeasures => true;

    /// <summary>
    /// γ: the mean over the heads of the share of attention weights ≤ 0.01, among those that the window's queries may give.
    /// </summary>
    public Tensor Measure(in LayerObservation layer)
    {
        var seen = sparsity == Sparsity.Embeddings ? layer.FedByEmbeddings() : layer;
        return TorchOps.Call("attention_sparsity", seen.Queries, seen.Keys, seen.KvHeads, Threshold);
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
    {
        var capacity = budget.Capacity(prompt.Length);
        if (capacity >= prompt.Length)
            return new KeepPlan?[layers];
        var dense = Math.Max(measures.Sum(g => 1 - g), 1e-12);
        var rows = measures.Select(g => (int)(capacity * (double)layers * Math.Clamp((1 - g) / dense, MinShare, 1)));
        return [.. LayerShares.WithinTotal([.. rows], capacity * layers, prompt.Length).Select(r => Plan(r, window, prompt.Length))];
    }

    /// <summary>
    /// The plan of a layer that keeps a number of rows. A window that fills them shrinks to all but one (the released program's rule).
    /// </summary>
    [Experimental("STARKV001")]
    public static KeepPlan? Plan(int rows, int window, int length)
    {
        if (rows >= length)
            return null;
        return rows > window ? new KeepPlan(window, rows - window) : new KeepPlan(rows - 1, 1);
    }
}
