using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// The attention of one token each of several sessions, each to its own cache: two launches per layer whatever their number.
/// </summary>
/// <remarks>It serves token after token, as long as the same sessions write and none of their caches moves.</remarks>
internal sealed class AttendTogether : IDisposable
{
    private readonly CudaKernels _kernels;
    private readonly DecoderSizes _sizes;
    private readonly CacheTables _tables;

    private AttendTogether(CudaKernels kernels, DecoderSizes sizes, CacheTables tables) =>
        (_kernels, _sizes, _tables) = (kernels, sizes, tables);

    /// <summary>The kernels for a token of each session; null, and <paramref name="rows"/> is not asked, where they cannot run.</summary>
    /// <param name="sizes">The decoder's sizes.</param>
    /// <param name="hidden">The tokens' residual streams, [B, D].</param>
    /// <param name="rows">
    /// Gives for every layer and session the cache's keys and values, [S, capacity, d], and the token's row in them; null where the
    /// sessions of a layer have different numbers S of stored heads.
    /// </param>
    /// <param name="former">What served the token before, of this decoder; it is taken: returned, or freed.</param>
    public static AttendTogether? For(
        DecoderSizes sizes, Tensor hidden, Func<IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>>?> rows,
        AttendTogether? former)
    {
        var kept = false;
        try
        {
            if (!DecodeKernels.Take(sizes.Heads, sizes.KvHeads, sizes.HeadDim) || CudaKernels.For(hidden) is not { } kernels
                || rows() is not { } reserved)
                return null;
            kept = former?._tables.TryFollow(reserved) == true;
            return kept ? former : new AttendTogether(kernels, sizes, new CacheTables(reserved, hidden.device));
        }
        finally
        {
            if (!kept)
                former?.Dispose();
        }
    }

    /// <summary>Writes each token's row and attends to the rows of its cache, [B, H · d].</summary>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="queries">Rotated queries, [H, B, d].</param>
    /// <param name="keys">Rotated keys, [G, B, d].</param>
    /// <param name="values">Values, [G, B, d].</param>
    public Tensor Layer(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        var (stored, count, dim, heads) = (_tables.StoredHeads(layer), _tables.Sessions, _sizes.HeadDim, _sizes.Heads);
        var (perStored, parts) = (heads / stored, DecodeKernels.Parts(_kernels, _tables.Longest, stored * count));
        var sums = empty([(long)count * stored * parts * perStored * (dim + 2)], ScalarType.Float32, queries.device);
        var attended = empty([count, (long)heads * dim], queries.dtype, queries.device);
        DecodeKernels.AttendTogether(
            _kernels, queries, queries.stride(0), queries.stride(1), keys, values, keys.stride(0), keys.stride(1), values.stride(0),
            values.stride(1), _tables.Table(layer), _tables.After, heads, _sizes.KvHeads, sums, parts, stored, count, dim);
        DecodeKernels.Combine(_kernels, sums, attended, parts, perStored, heads, count, dim);
        return attended;
    }

    /// <inheritdoc/>
    public void Dispose() => _tables.Dispose();
}
