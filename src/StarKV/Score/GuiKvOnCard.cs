using StarKV.Kernels;
using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>GUI-KV's temporal redundancy by kernels, in three launches.</summary>
internal static class GuiKvOnCard
{
    /// <summary>
    /// Sets the scores [G, P] of redundant tokens to 0, as <see cref="GuiKv"/> does with tensor operations; false where the kernels cannot
    /// run.
    /// </summary>
    /// <param name="scores">Scores, changed in place.</param>
    /// <param name="o">The layer.</param>
    /// <param name="dropped">Which share of the earlier screenshots' tokens is redundant.</param>
    /// <param name="rank">Directions r of the last screenshot's first tokens.</param>
    public static bool ZeroRedundant(Tensor scores, in LayerObservation o, double dropped, int rank)
    {
        var (frame, dim) = (o.Frames[^1], (int)o.Keys.shape[2]);
        rank = Math.Min(rank, Math.Min(frame.Length, dim));
        if (CudaKernels.For(o.Keys) is not { } kernels || rank > GuiKvKernels.MaxRank || dim > GuiKvKernels.MaxDim
            || scores.shape[0] != o.KvHeads || o.TokenOfRow is not null)
            return false;
        var (frames, past) = (o.Frames, o.Past);
        var earlier = o.Prompt.GetOrAdd(new EarlierKey(past), () =>
            tensor(frames.SkipLast(1).SelectMany(f => Enumerable.Range(f.Start, f.Length)).Where(t => t < past).Select(t => (long)t)
                .ToArray()));
        var count = (int)earlier.shape[0];
        var drop = (int)(dropped * count);
        if (drop < 1)
            return true;
        var k = HeadRows.Of(o.Keys);
        var basis = o.Prompt.Scratch("gui-kv/basis", (long)o.KvHeads * rank * dim);
        var distances = o.Prompt.Scratch("gui-kv/distances", (long)o.KvHeads * count);
        GuiKvKernels.Directions(kernels, k, o.KvHeads, frame.Start, rank, dim, basis);
        GuiKvKernels.Residuals(kernels, k, o.KvHeads, earlier, count, basis, rank, dim, distances);
        GuiKvKernels.ZeroNearest(kernels, distances, earlier, count, drop, scores, o.KvHeads, past);
        return true;
    }

    /// <summary>The earlier screenshots' tokens among a prompt's shared tensors.</summary>
    private sealed record EarlierKey(int Past);
}
