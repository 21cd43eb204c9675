using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// The attention of one token each of several sessions, each to its own cache: two launches per layer whatever their number.
/// </summary>
internal sealed class AttendTogether
{
    private const int Fields = 4;
    private readonly CudaKernels _kernels;
    private readonly DecoderSizes _sizes;
    private readonly Tensor _sessions;
    private readonly int[] _stored;
    private readonly int _count, _longest;

    private AttendTogether(
        CudaKernels kernels, DecoderSizes sizes, IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>> rows, Device device)
    {
        (_kernels, _sizes, _count) = (kernels, sizes, rows[0].Count);
        _stored = [.. rows.Select(layer => (int)layer[0].Keys.shape[0])];
        // Addresses and lengths of all layers go to the card at once: a copy waits for the card.
        var table = new long[rows.Count * _count * Fields];
        for (var layer = 0; layer < rows.Count; layer++)
        {
            for (var session = 0; session < _count; session++)
            {
                var (keys, values, row) = rows[layer][session];
                ReadOnlySpan<long> fields = [TensorAddress.Of(keys), TensorAddress.Of(values), keys.stride(0), row];
                fields.CopyTo(table.AsSpan((layer * _count + session) * Fields));
                _longest = Math.Max(_longest, row + 1);
            }
        }

        _sessions = tensor(table, device: device).view(rows.Count, _count, Fields);
    }

    /// <summary>The kernels for a token of each session; null, and <paramref name="rows"/> is not asked, where they cannot run.</summary>
    /// <param name="sizes">The decoder's sizes.</param>
    /// <param name="hidden">The tokens' residual streams, [B, D].</param>
    /// <param name="rows">
    /// Gives for every layer and session the cache's keys and values, [S, capacity, d], and the token's row in them; null where the
    /// sessions of a layer have different numbers S of stored heads.
    /// </param>
    public static AttendTogether? For(
        DecoderSizes sizes, Tensor hidden, Func<IReadOnlyList<IReadOnlyList<(Tensor Keys, Tensor Values, int Row)>>?> rows) =>
        DecodeKernels.Take(sizes.Heads, sizes.KvHeads, sizes.HeadDim) && CudaKernels.For(hidden) is { } kernels && rows() is { } reserved
            ? new AttendTogether(kernels, sizes, reserved, hidden.device)
            : null;

    /// <summary>Writes each token's row and attends to the rows of its cache, [B, H · d].</summary>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="queries">Rotated queries, [H, B, d].</param>
    /// <param name="keys">Rotated keys, [G, B, d].</param>
    /// <param name="values">Values, [G, B, d].</param>
    public Tensor Layer(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        var (stored, dim, heads) = (_stored[layer], _sizes.HeadDim, _sizes.Heads);
        var (perStored, parts) = (heads / stored, DecodeKernels.Parts(_kernels, _longest, stored * _count));
        var sums = empty([(long)_count * stored * parts * perStored * (dim + 2)], ScalarType.Float32, queries.device);
        var attended = empty([_count, (long)heads * dim], queries.dtype, queries.device);
        DecodeKernels.AttendTogether(_kernels, queries, queries.stride(0), queries.stride(1), keys, values, keys.stride(0), keys.stride(1),
            values.stride(0), values.stride(1), _sessions[layer], heads, _sizes.KvHeads, sums, parts, stored, _count, dim);
        DecodeKernels.Combine(_kernels, sums, attended, parts, perStored, heads, _count, dim);
        return attended;
    }
}
