using StarKV.Kernels;
using StarKV.Observe;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>How much a method's branches attend to each past token.</summary>
public static class BranchScores
{
    /// <summary>
    /// The mean over a branch's tokens, summed over the branches, the mean over a group's query heads, [G, P], float32; null where the
    /// layer shows no branches.
    /// </summary>
    /// <param name="observation">One layer.</param>
    public static Tensor? Sum(in LayerObservation observation)
    {
        if (observation.Branches is not { } branches)
            return null;
        var (perGroup, past) = (observation.HeadsPerGroup, observation.Past);
        var shares = observation.Prompt.GetOrAdd(new SharesKey(branches.Spans, perGroup), () => tensor(Shares(branches, perGroup)));
        return OnCard(branches, shares, past)
            ?? TorchOps.Call("branch_sum", branches.Queries, branches.Keys.narrow(1, 0, past), branches.LogSums, shares);
    }

    /// <summary>The sum by one kernel; null where the kernels cannot run.</summary>
    private static Tensor? OnCard(BranchAttention branches, Tensor shares, int past)
    {
        var (q, k) = (branches.Queries, branches.Keys);
        var (heads, dim) = ((int)k.shape[0], (int)k.shape[2]);
        if (CudaKernels.For(k) is not { } kernels || !WindowKernels.Take(dim))
            return null;
        var sums = empty([heads, past], ScalarType.Float32, k.device);
        BranchKernels.Sums(
            kernels, HeadRows.Of(q), HeadRows.Of(k), branches.LogSums, shares, sums, heads, (int)q.shape[0] / heads, (int)q.shape[1], past,
            dim, 1 / MathF.Sqrt(dim));
        return sums;
    }

    /// <summary>What each token of each query head of a group counts, [n · m].</summary>
    private static float[] Shares(BranchAttention branches, int perGroup)
    {
        var tokens = (int)branches.Queries.shape[1];
        var shares = new float[perGroup * tokens];
        foreach (var (start, end) in branches.Spans)
        {
            for (var head = 0; head < perGroup; head++)
                shares.AsSpan(head * tokens + start, end - start).Fill(1f / ((end - start) * perGroup));
        }

        return shares;
    }

    /// <summary>One for all layers; those of a session's cache may have as many heads as there are queries, others fewer.</summary>
    private sealed record SharesKey(IReadOnlyList<(int Start, int End)> Spans, int PerGroup);
}
