using StarKV.Observe;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Score.Kernels;

/// <summary>Pooled window attention, its spatial boost and its mean over each group by kernels of our own: the same numbers as the tensor operations, in five launches.</summary>
internal static class WindowKernels
{
    private const int TileTokens = 64, TileQueries = 64, PoolTokens = 128;

    /// <summary>What <see cref="WindowAttention.Pooled"/>, <see cref="SpatialBoost"/> and the mean over a group give, [G, P]; null where the kernels cannot run.</summary>
    public static Tensor? Groups(in LayerObservation o, int kernel, Pooling pooling, SpatialBoost boost)
    {
        if (CudaKernels.For(o.Keys) is not { } kernels || o.Keys.shape[2] % 32 != 0)
            return null;
        var (q, k) = (HeadRows.Of(o.Queries), HeadRows.Of(o.Keys));
        var (heads, perGroup, window, length, dim) = ((int)o.Queries.shape[0], o.HeadsPerGroup, o.Window, (int)o.Keys.shape[1], (int)o.Keys.shape[2]);
        var (rows, tiles) = (heads * window, Grid.Blocks(length, TileTokens));
        var logits = o.Prompt.Scratch("logits", (long)rows * length);
        var (largest, sums, stats) = (o.Prompt.Scratch("tile-max", (long)rows * tiles), o.Prompt.Scratch("tile-sum", (long)rows * tiles), o.Prompt.Scratch("stats", 2L * rows));
        kernels.Launch("window_logits", new Grid(tiles, o.KvHeads, Grid.Blocks(perGroup * window, TileQueries)), 128, 0,
            q.Tensor, q.Head, q.Row, k.Tensor, k.Head, k.Row, logits, largest, sums, perGroup, window, length, dim, 1 / MathF.Sqrt(dim));
        kernels.Launch("window_stats", new Grid(Grid.Blocks(rows, 4)), 128, 0, largest, sums, stats, rows, tiles);

        var (lift, span) = Boost(kernels, o, boost);
        var groups = empty([o.KvHeads, o.Past], ScalarType.Float32, o.Keys.device);
        kernels.Launch("window_pool", new Grid(Grid.Blocks(o.Past, PoolTokens), o.KvHeads), PoolTokens, perGroup * (PoolTokens - 1 + kernel) * sizeof(float),
            logits, stats, lift, span.Item1, span.Item2, groups, perGroup, window, length, kernel, pooling == Pooling.Max);
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
            var (stride, dim) = (vectors.stride(0), (int)vectors.shape[1]);
            kernels.Launch("row_norms", new Grid(Grid.Blocks(count, 8)), 256, 0, vectors, stride, lengths, count, dim);
        }
        else
        {
            // A layer that was held back has its norms already.
            lengths.copy_(norms.Of(boost.Source, span.Start, count));
        }

        kernels.Launch("spatial_boost", new Grid(1), 1024, 0, lengths, lift, count, (float)boost.Alpha, (float)boost.Temperature);
        return (lift, span);
    }
}
