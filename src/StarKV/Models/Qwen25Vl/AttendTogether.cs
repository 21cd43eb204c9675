using StarKV.Cache;
using StarKV.Runtime.Cuda;
using static TorchSharp.torch;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The attention of one token each of several sessions, each to its own cache, in two launches a layer whatever their number.</summary>
internal sealed class AttendTogether
{
    private const int Fields = 4;
    private readonly CudaKernels _kernels;
    private readonly TextConfig _config;
    private readonly Tensor _sessions;
    private readonly IReadOnlyList<int> _stored;
    private readonly int _count, _longest;

    private AttendTogether(CudaKernels kernels, TextConfig config, IReadOnlyList<KvCache> caches, IReadOnlyList<int> stored, Device device)
    {
        (_kernels, _config, _count, _stored) = (kernels, config, caches.Count, stored);
        // Addresses and lengths of all layers go to the card at once: a copy waits for the card.
        var table = new long[stored.Count * _count * Fields];
        for (var layer = 0; layer < stored.Count; layer++)
        {
            for (var session = 0; session < _count; session++)
            {
                var (keys, values, row) = caches[session].Layers[layer].ReserveRow();
                ReadOnlySpan<long> fields = [KernelArgument.Address(keys), KernelArgument.Address(values), keys.stride(0), row];
                fields.CopyTo(table.AsSpan((layer * _count + session) * Fields));
                _longest = Math.Max(_longest, row + 1);
            }
        }

        _sessions = tensor(table, device: device).view(stored.Count, _count, Fields);
    }

    /// <summary>Sets a row aside in every layer of every cache; null, with nothing set aside, where the kernels cannot run or the caches store different numbers of heads.</summary>
    /// <param name="config">The decoder's shape.</param>
    /// <param name="hidden">The tokens' residual streams, [B, D].</param>
    /// <param name="caches">One cache for each token.</param>
    public static AttendTogether? For(TextConfig config, Tensor hidden, IReadOnlyList<KvCache> caches)
    {
        if (!DecodeKernels.Attends(config) || CudaKernels.For(hidden) is not { } kernels)
            return null;
        var copies = caches[0].Layers.Select(l => l.HeadCopies).ToList();
        return caches.All(c => c.Layers.Select(l => l.HeadCopies).SequenceEqual(copies))
            ? new AttendTogether(kernels, config, caches, [.. copies.Select(c => c * config.KvHeads)], hidden.device)
            : null;
    }

    /// <summary>Writes each token's row and attends to the rows of its cache, [B, H·d].</summary>
    /// <param name="layer">Layer index from 0.</param>
    /// <param name="queries">Rotated queries, [H, B, d].</param>
    /// <param name="keys">Rotated keys, [G, B, d].</param>
    /// <param name="values">Values, [G, B, d].</param>
    public Tensor Layer(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        var (stored, dim) = (_stored[layer], _config.HeadDim);
        var (perStored, parts) = (_config.Heads / stored, DecodeKernels.Parts(_longest, stored * _count));
        var sums = empty([(long)_count * stored * parts * perStored * (dim + 2)], ScalarType.Float32, queries.device);
        var attended = empty([_count, (long)_config.Heads * dim], queries.dtype, queries.device);
        _kernels.Launch($"attend_together_{dim}", new Grid(parts, stored, _count), DecodeKernels.AttendThreads, 0,
            queries, queries.stride(0), queries.stride(1), keys, values, keys.stride(0), keys.stride(1), values.stride(0), values.stride(1), _sessions[layer], _config.Heads, _config.KvHeads, sums);
        DecodeKernels.Combine(_kernels, sums, attended, new Grid(_config.Heads, _count), dim, parts, perStored);
        return attended;
    }
}
