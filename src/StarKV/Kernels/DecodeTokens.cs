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
    /// <param name="norm">Weight of the norm before the attention, [D].</param>
    /// <param name="qkv">The three projections, stacked, [(H + 2 G) · d, D].</param>
    /// <param name="bias">Their biases, [(H + 2 G) · d]; null for none.</param>
    public Tensor Project(Tensor hidden, Tensor norm, Tensor qkv, Tensor? bias)
    {
        var heads = _sizes.Heads + 2 * _sizes.KvHeads;
        var projected = empty([_count, heads, _sizes.HeadDim], hidden.dtype, hidden.device);
        BatchKernels.Norm(_kernels, hidden, norm, _sizes.Eps, _normed, _count, _sizes.Hidden);
        BatchKernels.Linear(_kernels, _normed, qkv, bias, null, projected, heads * _sizes.HeadDim, _sizes.Hidden, _count);
        return projected;
    }

    /// <summary>The second half of a layer, written over <paramref name="hidden"/>.</summary>
    /// <param name="hidden">The residual streams, [B, D].</param>
    /// <param name="attended">The attention, [B, H · d].</param>
    /// <param name="output">The attention's output projection, [D, H · d].</param>
    /// <param name="norm">Weight of the norm before the MLP, [D].</param>
    /// <param name="gateUp">The MLP's gate and up projections, stacked, [2 · intermediate, D].</param>
    /// <param name="down">The MLP's down projection, [D, intermediate].</param>
    public void Finish(Tensor hidden, Tensor attended, Tensor output, Tensor norm, Tensor gateUp, Tensor down)
    {
        var (dim, attention) = (_sizes.Hidden, _sizes.Heads * _sizes.HeadDim);
        BatchKernels.Linear(_kernels, attended, output, null, hidden, hidden, dim, attention, _count);
        BatchKernels.Norm(_kernels, hidden, norm, _sizes.Eps, _normed, _count, dim);
        BatchKernels.GateUp(_kernels, _normed, gateUp, _mlp, _sizes.Intermediate, dim, _count);
        BatchKernels.Linear(_kernels, _mlp, down, null, hidden, hidden, dim, _sizes.Intermediate, _count);
    }

    private static bool Take(long count, int dim, int rows) =>
        KernelSupport.Untried && count is > 1 and <= BatchKernels.MaxTokens
        && dim % FusedKernels.VectorWidth == 0 && rows % BatchKernels.RowsEach == 0;
}
