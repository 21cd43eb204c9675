using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of BatchKernels.cu: norms and products of the tokens of several sessions.</summary>
/// <remarks>
/// A matrix is read once for all tokens. libtorch's products of so few rows reach half of the memory's speed. All tensors are bfloat16 and
/// contiguous.
/// </remarks>
internal static class BatchKernels
{
    /// <summary>The most tokens that the products take.</summary>
    public const int MaxTokens = 32;

    /// <summary>Numbers of rows that <see cref="Linear"/> takes are a multiple of this; half of it for <see cref="GateUp"/>.</summary>
    public const int RowsEach = 32;

    private const int Threads = 256, NumberBytes = 2;

    private static readonly ParameterType[] s_linear = [Pointer, Pointer, Pointer, Pointer, Pointer, Int, Int, Int];

    private static readonly Kernel s_linear8 = new("batch_linear_8", s_linear);

    private static readonly Kernel s_linear16 = new("batch_linear_16", s_linear);

    private static readonly Kernel s_linear32 = new("batch_linear_32", s_linear);

    private static readonly ParameterType[] s_gateUp = [Pointer, Pointer, Pointer, Int, Int, Int];

    private static readonly Kernel s_gateUp8 = new("batch_gate_up_8", s_gateUp);

    private static readonly Kernel s_gateUp16 = new("batch_gate_up_16", s_gateUp);

    private static readonly Kernel s_gateUp32 = new("batch_gate_up_32", s_gateUp);

    private static readonly Kernel s_norm = new("batch_norm", Pointer, Pointer, Float, Pointer, Int);

    /// <summary>The root-mean-square norm of each token.</summary>
    /// <remarks>Plain twin: <c>rms_norm</c>.</remarks>
    /// <param name="kernels">The card's kernels; a block may ask for a token's bytes of shared memory.</param>
    /// <param name="x">The tokens, [B, dim].</param>
    /// <param name="norm">The norm's weight, [dim].</param>
    /// <param name="eps">The norm's eps.</param>
    /// <param name="normed">Takes the result, [B, dim].</param>
    /// <param name="count">Tokens B.</param>
    /// <param name="dim">Numbers of a token, a multiple of 8.</param>
    public static void Norm(CudaKernels kernels, Tensor x, Tensor norm, float eps, Tensor normed, int count, int dim) =>
        kernels.LaunchEarly(s_norm, count, Threads, dim * NumberBytes, x, norm, eps, normed, dim);

    /// <summary>x · weightᵀ + bias + add.</summary>
    /// <remarks>Plain twin: <c>linear</c>; what is added comes after a rounding.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="x">The tokens, [B, dim].</param>
    /// <param name="weight">The matrix, [rows, dim].</param>
    /// <param name="bias">[rows]; null for none.</param>
    /// <param name="add">Added at the end, [B, rows]; null for none. It may be the result.</param>
    /// <param name="result">Takes the result, [B, rows].</param>
    /// <param name="rows">Rows, a multiple of <see cref="RowsEach"/>.</param>
    /// <param name="dim">Numbers of a row, a multiple of 8.</param>
    /// <param name="count">Tokens B, at most <see cref="MaxTokens"/>.</param>
    public static void Linear(
        CudaKernels kernels, Tensor x, Tensor weight, Tensor? bias, Tensor? add, Tensor result, int rows, int dim, int count) =>
        kernels.LaunchEarly(Of(count, s_linear8, s_linear16, s_linear32), Blocks(kernels, rows / RowsEach, count), Threads, 0,
            x, weight, bias, add, result, rows, dim, count);

    /// <summary>silu(x · gateᵀ) · (x · upᵀ).</summary>
    /// <remarks>Plain twin: <c>linear</c> and <c>gate</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="x">The tokens, [B, dim].</param>
    /// <param name="weight">Gate and up, one below the other, [2 rows, dim].</param>
    /// <param name="result">Takes the product, [B, rows].</param>
    /// <param name="rows">Rows of each of the two, a multiple of half of <see cref="RowsEach"/>.</param>
    /// <param name="dim">Numbers of a row, a multiple of 8.</param>
    /// <param name="count">Tokens B, at most <see cref="MaxTokens"/>.</param>
    public static void GateUp(CudaKernels kernels, Tensor x, Tensor weight, Tensor result, int rows, int dim, int count) =>
        kernels.LaunchEarly(Of(count, s_gateUp8, s_gateUp16, s_gateUp32), Blocks(kernels, rows / (RowsEach / 2), count), Threads, 0,
            x, weight, result, rows, dim, count);

    /// <summary>Blocks that run at a time: two on a multiprocessor, one where each has more than 16 tokens.</summary>
    private static Grid Blocks(CudaKernels kernels, int pairs, int count) =>
        new(Math.Min(pairs, count > 16 ? kernels.ResidentBlocks / 2 : kernels.ResidentBlocks));

    private static Kernel Of(int count, Kernel of8, Kernel of16, Kernel of32) => count switch
    {
        <= 8 => of8,
        <= 16 => of16,
        _ => of32,
    };
}
