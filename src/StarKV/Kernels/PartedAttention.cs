using System.Collections.Concurrent;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// Attention of many new tokens over many earlier rows: cuDNN takes parts of the rows, each twice as fast as the flash kernel does, which
/// takes what is left and the new tokens themselves; then the parts are joined by their sums of exponentials.
/// </summary>
/// <remarks>
/// cuDNN plans anew for each shape. A session has a new number of rows at every step, so parts are powers of two, and queries are padded
/// to the multiple that <see cref="CudnnAttention.Rows"/> gives their heads: a handful of plans serves all steps. Thread-safe.
/// </remarks>
internal static class PartedAttention
{
    /// <summary>The smallest part; fewer rows are left to the flash kernel.</summary>
    internal const int MinPart = 1024;

    /// <summary>New tokens from which on they are cut; fewer would gain less than their plans cost.</summary>
    internal const int MinNewTokens = 1024;

    /// <summary>
    /// New tokens up to which they are cut: what each part gives is held until they are joined, which is less than the MLP takes for as
    /// many tokens in one run, and no more than that is reckoned with.
    /// </summary>
    internal const int MaxNewTokens = 8192;

    /// <summary>Parts that the joining kernel takes besides the flash kernel's.</summary>
    internal const int MaxParts = 3;

    /// <summary>Uses of a shape before it is planned: a plan takes about as long as so many uses save.</summary>
    internal const int UsesBeforePlanning = 48;

    private static readonly ConcurrentDictionary<(int Card, long Queries, long Rows, int Heads, long KvHeads), int> s_uses = new();

    /// <summary>
    /// Causal attention of new tokens over earlier rows and themselves, [n, H·d]; null where the flash kernel is to do it.
    /// </summary>
    /// <param name="all">
    /// The new tokens' rotated queries, and other heads behind them, [rows, H or more, d], as many rows as
    /// <see cref="CudnnAttention.Rows"/> wants.
    /// </param>
    /// <param name="heads">Query heads H.</param>
    /// <param name="tokens">New tokens n.</param>
    /// <param name="keys">Earlier and new keys, [S, P, d].</param>
    /// <param name="values">Earlier and new values, [S, P, d].</param>
    public static Tensor? Of(Tensor all, int heads, long tokens, Tensor keys, Tensor values)
    {
        if (tokens is < MinNewTokens or > MaxNewTokens || CudaKernels.For(keys) is not { } kernels)
            return null;
        var (card, parts) = (keys.device_index, Parts(keys.shape[1] - tokens));
        if (parts.Count == 0)
            return null;
        // All are counted, so that none waits for another.
        var unplanned = parts.Count(rows => IsNew((card, all.shape[0], rows, heads, keys.shape[0])));
        return unplanned > 0 ? null : CudnnAttention.Try(card, "attend_part", () =>
        {
            using var scope = NewDisposeScope();
            var queries = all.narrow(1, 0, heads).transpose(0, 1);
            var taken = Take(queries, tokens, keys, values, parts, planned: true)
                .Select(p => (p.Taken.contiguous(), p.LogSums.contiguous())).ToList();
            return Join(kernels, taken, tokens).MoveToOuterDisposeScope();
        });
    }

    private static Tensor Join(CudaKernels kernels, List<(Tensor Taken, Tensor LogSums)> parts, long tokens)
    {
        var (a, sums) = parts[0];
        var (heads, dim) = (a.shape[1], a.shape[2]);
        var joined = empty([tokens, heads, dim], a.dtype, a.device);
        var (b, c, d) = (Part(1), Part(2), Part(3));
        FusedKernels.JoinParts(
            kernels, a, sums, b?.Taken, b?.LogSums, c?.Taken, c?.LogSums, d?.Taken, d?.LogSums,
            joined, tokens, (int)heads, (int)dim, parts.Count, sums.shape[1], parts[1].LogSums.shape[1]);
        return joined.flatten(1);

        (Tensor Taken, Tensor LogSums)? Part(int i) => i < parts.Count ? parts[i] : null;
    }

    /// <summary>The plain twin, in the parts of <see cref="Of"/>, for queries [H, rows, d].</summary>
    internal static Tensor Plain(Tensor queries, long tokens, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var taken = Take(queries, tokens, keys, values, Parts(keys.shape[1] - tokens), planned: false).ToList();
        var weights = stack(taken.Select(p => p.LogSums.narrow(1, 0, tokens)), 0).softmax(0).transpose(1, 2).unsqueeze(-1);
        var all = stack(taken.Select(p => p.Taken.narrow(0, 0, tokens)), 0);
        return (all * weights).sum([0]).to(keys.dtype).flatten(1).MoveToOuterDisposeScope();
    }

    /// <summary>Rows of each part that is cut from the earliest rows on: powers of two, the largest that fit.</summary>
    /// <param name="earlier">Earlier rows.</param>
    internal static IReadOnlyList<long> Parts(long earlier)
    {
        var parts = new List<long>();
        while (earlier >= MinPart && parts.Count < MaxParts)
        {
            parts.Add((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)earlier / 2 + 1));
            earlier -= parts[^1];
        }

        return parts;
    }

    /// <summary>What is taken from the rows behind the parts and the new tokens, then from each part.</summary>
    private static IEnumerable<(Tensor Taken, Tensor LogSums)> Take(
        Tensor queries, long tokens, Tensor keys, Tensor values, IReadOnlyList<long> parts, bool planned)
    {
        var (at, left) = (0L, parts.Sum());
        var others = keys.shape[1] - left;
        yield return TorchOps.AttendPart(
            queries.narrow(1, 0, tokens), keys.narrow(1, left, others), values.narrow(1, left, others), causal: true, planned: false);
        foreach (var rows in parts)
        {
            yield return TorchOps.AttendPart(queries, keys.narrow(1, at, rows), values.narrow(1, at, rows), causal: false, planned);
            at += rows;
        }
    }

    private static bool IsNew((int, long, long, int, long) shape) =>
        s_uses.AddOrUpdate(shape, 1, (_, uses) => Math.Min(uses + 1, UsesBeforePlanning + 1)) <= UsesBeforePlanning;
}
