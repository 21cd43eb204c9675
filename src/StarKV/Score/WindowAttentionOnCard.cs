using StarKV.Kernels;
using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// Pooled window attention, its spatial boost and its mean over each group by kernels: the numbers of the tensor operations, in five
/// launches.
/// </summary>
internal static class WindowAttentionOnCard
{
    /// <summary>
    /// What <see cref="WindowAttention.Pooled"/>, <see cref="SpatialBoost"/> and the mean over a group give, [G, P]; null where the kernels
    /// cannot run.
    /// </summary>
    public static Tensor? Groups(in LayerObservation o, int kernel, Pooling pooling, SpatialBoost boost)
    {
        if (CudaKernels.For(o.Keys) is not { } kernels || !WindowKernels.Take(o.Keys.shape[2]))
            return null;
        var (q, k) = (HeadRows.Of(o.Queries), HeadRows.Of(o.Keys));
        var (length, dim) = ((int)o.Keys.shape[1], (int)o.Keys.shape[2]);
        var (perGroup, window) = (o.HeadsPerGroup, o.Window);
        var (rows, tiles) = ((int)o.Queries.shape[0] * window, WindowKernels.Tiles(length));
        var logits = o.Prompt.Scratch("logits", (long)rows * length);
        var tileMax = o.Prompt.Scratch("tile-max", (long)rows * tiles);
        var tileSum = o.Prompt.Scratch("tile-sum", (long)rows * tiles);
        var stats = o.Prompt.Scratch("stats", 2L * rows);
        WindowKernels.Logits(kernels, q, k, logits, tileMax, tileSum, o.KvHeads, perGroup, window, length, dim, 1 / MathF.Sqrt(dim));
        WindowKernels.Stats(kernels, tileMax, tileSum, stats, rows, tiles);

        var (lift, span) = Boost(kernels, o, boost);
        var groups = empty([o.KvHeads, o.Past], ScalarType.Float32, o.Keys.device);
        WindowKernels.Pool(
            kernels, logits, stats, lift, span.Start, span.End, groups, o.KvHeads, perGroup, window, length, kernel,
            takeMax: pooling == Pooling.Max);
        return groups;
    }

    /// <summary>The boost of the last screenshot's tokens, and which they are; none without a screenshot.</summary>
    private static (Tensor? Boost, (int Start, int End) Span) Boost(CudaKernels kernels, in LayerObservation o, SpatialBoost boost)
    {
        if (boost.Alpha == 0 || o.Norms is not { } norms || o.LastFrameInPast is not { } span)
            return (null, (0, 0));
        var count = span.End - span.Start;
        using var vectors = norms.Rows(boost.Source, span.Start, count);
        var (lengths, lift) = (o.Prompt.Scratch("norms", count), o.Prompt.Scratch("boost", count));
        if (vectors.dtype == ScalarType.BFloat16 && vectors.shape[1] % 8 == 0)
        {
            WindowKernels.Norms(kernels, vectors, vectors.stride(0), lengths, count, (int)vectors.shape[1]);
        }
        else
        {
            // A layer that was held back has its norms already.
            lengths.copy_(norms.Of(boost.Source, span.Start, count));
        }

        WindowKernels.Boost(kernels, lengths, lift, count, (float)boost.Alpha, (float)boost.Temperature);
        return (lift, span);
    }
}
