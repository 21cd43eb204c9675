using StarKV.Models.Layers;
using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Prefill;

/// <summary>The branches of a reading in one layer. Its tensors belong to the dispose scope in which it was made.</summary>
internal sealed class BranchLayer
{
    private readonly BranchTokens _branches;
    private readonly ProjectedHeads _own;
    private readonly LayerInput _seen;
    private readonly PromptTensors _shared;
    private readonly (Tensor Keys, Tensor Values)? _adjacent;

    /// <summary>Lets the branches look at the rows among which the layer's caches are chosen.</summary>
    /// <param name="branches">The branches.</param>
    /// <param name="fresh">The tokens that are read; the branches' heads follow theirs.</param>
    /// <param name="joined">The layer's earlier and new rows.</param>
    /// <param name="alone">Whether there are no earlier rows: all keys lie behind one another then, and need no copy.</param>
    /// <param name="shared">Tensors shared by the layers.</param>
    public BranchLayer(BranchTokens branches, NewLayer fresh, JoinedLayer joined, bool alone, PromptTensors shared)
    {
        (_branches, _seen, _shared) = (branches, joined.Seen, shared);
        _own = fresh.Heads.Next(branches.Count);
        if (alone)
        {
            var all = fresh.Heads with { Tokens = fresh.Heads.Tokens + branches.Count };
            _adjacent = (all.Keys, all.Values);
        }

        Weights = WeightsOver(_seen.Keys);
    }

    /// <summary>What they attend to among those rows, <see cref="BranchAttention.Weights"/>.</summary>
    public Tensor Weights { get; }

    /// <summary>What the branches take from rows that the new tokens attend to, [m, H · d].</summary>
    /// <param name="keys">Keys of those rows, [S, rows, d].</param>
    /// <param name="values">Their values.</param>
    public Tensor Attend(Tensor keys, Tensor values)
    {
        // Where a session's new tokens attend to the kept rows alone, so do the branches.
        var weights = ReferenceEquals(keys, _seen.Keys) ? Weights : WeightsOver(keys);
        return _branches.Attend(weights, ReferenceEquals(values, _seen.Values) && _adjacent is { } all ? all.Values : Then(values, _own.Values));
    }

    private Tensor WeightsOver(Tensor keys) =>
        _branches.Weights(_own.Queries, ReferenceEquals(keys, _seen.Keys) && _adjacent is { } all ? all.Keys : Then(keys, _own.Keys), _shared);

    /// <summary>Rows and the branches' own, for as many heads as the rows have.</summary>
    private static Tensor Then(Tensor rows, Tensor own) => cat([rows, own.repeat_interleave(rows.shape[0] / own.shape[0], 0)], 1);
}
