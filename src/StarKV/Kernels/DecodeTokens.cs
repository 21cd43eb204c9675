using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// One token each of several sessions through decoder layers, but for the attention: five launches per layer, each of which reads its
/// weights once for all tokens.
/// </summary>
/// <remarks>
/// The scratch lives as long as one token; everything is queued on torch's stream, whose allocator may hand it out again after the last
/// launch. Not faster than libtorch's products in all cases measured, so only with <see cref="KernelSupport.Untried"/>.
/// </remarks>
internal sealed class DecodeTokens
{
    private readonly CudaKernels _kernels;
    private readonly DecoderSizes _sizes;
    private readonly Tensor _normed, _mlp;
    private readonly int _count;

    private DecodeTokens(CudaKernels kernels, DecoderSizes sizes, int count, Device device)
    {
        (_kernels, _sizes, _count) = (kernels, sizes, count);
        _normed = Scratch(sizes.Hidden);
        _mlp = Scratch(sizes.Intermediate);

        Tensor Scratch(long numbers) => empty([count, numbers], ScalarType.BFloat16, device);
    }

    /// <summary>
    /// The kernels for a token of each session; null where they cannot run: not bfloat16 on a card, too many tokens, or sizes that they do
    /// not take.
    /// </summary>
    /// <param name="sizes">The decoder's sizes.</param>
    /// <param name="hidden">The tokens' residual streams, [B, D].</param>
    public static DecodeTokens? For(DecoderSizes sizes, Tensor hidden) =>
        Take(hidden.shape[0], sizes.Hidden, (sizes.Heads + 2 * sizes.KvHeads) * sizes.HeadDim)
        && sizes.Hidden % BatchKernels.RowsEach == 0 && sizes.Intermediate % (BatchKernels.RowsEach / 2) == 0
        && CudaKernels.For(hidden) is { } kernels && DecodeKernels.ProductBytes(sizes.Hidden) <= kernels.MaxSharedBytes
            ? new DecodeTokens(kernels, sizes, (int)hidden.shape[0], hidden.device)
            : null;

    /// <summary>Logits of tokens after the last layer, [B, vocabulary], in the model's type; null where the kernels cannot run.</summary>
    /// <param name="hidden">The tokens' residual streams, [B, D].</param>
    /// <param name="norm">The last norm's weight, [D].</param>
    /// <param name="eps">The last norm's eps.</param>
    /// <param name="head">The output embedding, [vocabulary, D].</param>
    public static Tensor? Logits(Tensor hidden, Tensor norm, float eps, Tensor head)
    {
        var (count, rows, dim) = (hidden.shape[0], (int)head.shape[0], (int)head.shape[1]);
        if (!Take(count, dim, rows) || CudaKernels.For(hidden) is not { } kernels)
            return null;
        using var normed = empty_like(hidden);
        var logits = empty([count, rows], hidden.dtype, hidden.device);
        BatchKernels.Norm(kernels, hidden, norm, eps, normed, (int)count, dim);
        BatchKernels.Linear(kernels, normed, head, null, null, logits, rows, dim, (int)count);
        return logits;
    }

    /// <summary>The first half of a layer, but for the rotation: queries, keys and values, [B, H + 2 G, d].</summary>
    /// <param name="hidden">The residual streams, [B, D].</param>
    /// <param name="weights">The layer's weights.</param>
    public Tensor Project(Tensor hidden, DecoderWeights weights)
    {
        var heads = _sizes.Heads + 2 * _sizes.KvHeads;
        var projected = empty([_count, heads, _sizes.HeadDim], hidden.dtype, hidden.device);
        BatchKernels.Norm(_kernels, hidden, weights.InputNorm, _sizes.Eps, _normed, _count, _sizes.Hidden);
        BatchKernels.Linear(
            _kernels, _normed, weights.Qkv, weights.QkvBias, null, projected, heads * _sizes.HeadDim, _sizes.Hidden, _count);
        return projected;
    }

    /// <summary>The second half of a layer, written over <paramref name="hidden"/>.</summary>
    /// <param name="hidden">The residual streams, [B, D].</param>
    /// <param name="attended">The attention, [B, H · d].</param>
    /// <param name="weights">The layer's weights.</param>
    public void Finish(Tensor hidden, Tensor attended, DecoderWeights weights)
    {
        var (dim, attention) = (_sizes.Hidden, _sizes.Heads * _sizes.HeadDim);
        BatchKernels.Linear(_kernels, attended, weights.Output, null, hidden, hidden, dim, attention, _count);
        BatchKernels.Norm(_kernels, hidden, weights.PostNorm, _sizes.Eps, _normed, _count, dim);
        BatchKernels.GateUp(_kernels, _normed, weights.GateUp, _mlp, _sizes.Intermediate, dim, _count);
        BatchKernels.Linear(_kernels, _mlp, weights.Down, null, hidden, hidden, dim, _sizes.Intermediate, _count);
    }

    private static bool Take(long count, int dim, int rows) =>
        KernelSupport.Untried && count is > 1 and <= BatchKernels.MaxTokens
        && dim % FusedKernels.VectorWidth == 0 && rows % BatchKernels.RowsEach == 0;
}
