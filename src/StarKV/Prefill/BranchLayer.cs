using StarKV.Models.Layers;
using StarKV.Observe;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>The branches of a reading in one layer. Its tensors belong to the dispose scope in which it was made.</summary>
internal sealed class BranchLayer
{
    private readonly BranchTokens _branches;
    private readonly ProjectedHeads _own;
    private readonly LayerInput _seen;
    private readonly Tensor _taken, _logSums;

    /// <summary>Lets the branches look at the rows among which the layer's caches are chosen.</summary>
    /// <param name="branches">The branches.</param>
    /// <param name="fresh">The tokens that are read; the branches' heads follow theirs.</param>
    /// <param name="seen">The layer's rows.</param>
    public BranchLayer(BranchTokens branches, NewLayer fresh, LayerInput seen)
    {
        (_branches, _seen) = (branches, seen);
        _own = fresh.Heads.Next(branches.Count);
        (_taken, _logSums) = Over(seen.Keys, seen.Values);
    }

    /// <summary>What the branches of a cache attend to; null where it has none.</summary>
    /// <param name="cache">The compression's number.</param>
    public BranchAttention? Of(int cache) =>
        _branches.Of(cache) is { Count: > 0 } spans ? new BranchAttention(_own.Queries, _seen.Keys, _logSums, spans) : null;

    /// <summary>What the branches take from rows that the new tokens attend to, [m, H · d].</summary>
    /// <param name="keys">Keys of those rows, [S, rows, d].</param>
    /// <param name="values">Their values.</param>
    public Tensor Attend(Tensor keys, Tensor values) =>
        // Where a session's new tokens attend to the kept rows alone, so do the branches.
        ReferenceEquals(keys, _seen.Keys) ? _taken : Over(keys, values).Taken;

    private (Tensor Taken, Tensor LogSums) Over(Tensor keys, Tensor values) =>
        TorchOps.BranchAttend(_own.Queries, keys, values, _own.Keys, _own.Values, _branches.Mask(_seen.Prompt));
}
