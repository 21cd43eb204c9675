using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// One token through decoder layers: six launches per layer, each of which reads its weights once, and a seventh where heads have norms.
/// The plain operations launch about twenty.
/// </summary>
/// <remarks>
/// The scratch lives as long as one token; everything is queued on torch's stream, whose allocator may hand it out again after the last
/// launch.
/// </remarks>
internal sealed class DecodeToken
{
    private readonly CudaKernels _kernels;
    private readonly DecoderSizes _sizes;
    private readonly Tensor _qkv, _attended, _mlp;

    private DecodeToken(CudaKernels kernels, DecoderSizes sizes, Device device)
    {
        (_kernels, _sizes) = (kernels, sizes);
        _qkv = Scratch((sizes.Heads + 2 * sizes.KvHeads) * sizes.HeadDim);
        _attended = Scratch(sizes.Heads * sizes.HeadDim);
        _mlp = Scratch(sizes.Intermediate);

        Tensor Scratch(long numbers) => empty([numbers], ScalarType.BFloat16, device);
    }

    /// <summary>The kernels for one token; null where they cannot run: not bfloat16 on a card, or sizes that they do not take.</summary>
    /// <param name="sizes">The decoder's sizes.</param>
    /// <param name="hidden">The token's residual stream, [1, D].</param>
    public static DecodeToken? For(DecoderSizes sizes, Tensor hidden) =>
        DecodeKernels.Take(sizes.Heads, sizes.KvHeads, sizes.HeadDim) && sizes.Hidden % 8 == 0 && sizes.Intermediate % 8 == 0
        && CudaKernels.For(hidden) is { } kernels && DecodeKernels.ProductBytes(sizes.Intermediate) <= kernels.MaxSharedBytes
            ? new DecodeToken(kernels, sizes, hidden.device)
            : null;

    /// <summary>Logits of a token after the last layer, [1, vocabulary], in the model's type; null where the kernels cannot run.</summary>
    /// <param name="hidden">The token's residual stream, [1, D].</param>
    /// <param name="norm">The last norm's weight, [D].</param>
    /// <param name="eps">The last norm's eps.</param>
    /// <param name="head">The output embedding, [vocabulary, D].</param>
    public static Tensor? Logits(Tensor hidden, Tensor norm, float eps, Tensor head)
    {
        if (head.shape[1] % 8 != 0 || head.shape[0] % 2 != 0 || CudaKernels.For(hidden) is not { } kernels)
            return null;
        var logits = empty([1, head.shape[0]], hidden.dtype, hidden.device);
        Linear(kernels, hidden, norm, eps, head, null, null, logits);
        return logits;
    }

    /// <summary>One layer, written over <paramref name="hidden"/>, with the token's row of the cache.</summary>
    /// <param name="hidden">The residual stream, [1, D].</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="cosine">Cosines of the token's position, [1, d].</param>
    /// <param name="sine">Sines, negative in the first half of the channels, [1, d].</param>
    /// <param name="keys">The cache's keys, [S, capacity, d].</param>
    /// <param name="values">The cache's values, [S, capacity, d].</param>
    /// <param name="row">The token's row of the cache, which is written.</param>
    /// <param name="queries">Takes the rotated queries in, [H, W, d]; empty for none.</param>
    public void Layer(
        Tensor hidden, DecoderWeights weights, Tensor cosine, Tensor sine, Tensor keys, Tensor values, int row, Tensor queries)
    {
        var (stored, dim) = ((int)keys.shape[0], _sizes.HeadDim);
        var perStored = _sizes.Heads / stored;
        var parts = DecodeKernels.Parts(_kernels, row + 1, stored);
        using var sums = empty([(long)stored * parts * perStored * (dim + 2)], ScalarType.Float32, hidden.device);
        var window = queries.NumberOfElements > 0 ? (int)queries.shape[1] : 0;

        Linear(_kernels, hidden, weights.InputNorm, _sizes.Eps, weights.Qkv, weights.QkvBias, null, _qkv);
        if (weights is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
        {
            var rotated = _sizes.Heads + _sizes.KvHeads;
            FusedKernels.NormHeads(_kernels, _qkv, queryNorm, keyNorm, 1, rotated * dim, _sizes.Heads, rotated, dim, _sizes.Eps);
        }

        DecodeKernels.AttendOne(_kernels, _qkv, cosine, sine, keys, values, keys.stride(0), row, _sizes.Heads, _sizes.KvHeads,
            window > 0 ? queries : null, window, sums, parts, stored, dim);
        DecodeKernels.Combine(_kernels, sums, _attended, parts, perStored, _sizes.Heads, 1, dim);
        Linear(_kernels, _attended, null, 0, weights.Output, null, hidden, hidden);
        DecodeKernels.GateUp(_kernels, hidden, weights.PostNorm, _sizes.Eps, weights.GateUp, _mlp, _sizes.Intermediate, _sizes.Hidden);
        Linear(_kernels, _mlp, null, 0, weights.Down, null, hidden, hidden);
    }

    private static void Linear(
        CudaKernels kernels, Tensor x, Tensor? norm, float eps, Tensor weight, Tensor? bias, Tensor? add, Tensor result) =>
        DecodeKernels.Linear(kernels, x, norm, eps, weight, bias, add, result, (int)weight.shape[0], (int)weight.shape[1]);
}
