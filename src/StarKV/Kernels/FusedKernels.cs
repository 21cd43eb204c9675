using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of FusedKernels.cu: passes over many tokens that would be several operations.</summary>
internal static class FusedKernels
{
    /// <summary>Numbers that a thread reads at a time: 16 bytes of bfloat16.</summary>
    public const int VectorWidth = 8;

    /// <summary>The widest row that <see cref="AddNorm"/> takes.</summary>
    public const int MaxNormed = 2048;

    // A lane of a warp has eight numbers of a head.
    private const int MaxHead = 32 * VectorWidth;

    private const int Threads = 256, HeadsPerThread = 4, RowsPerBlock = 8;

    private static readonly Kernel s_gate = new("gate_rows", Pointer, Pointer, Long, Int);

    private static readonly Kernel s_gateGradient = new("gate_gradient_rows", Pointer, Pointer, Pointer, Long, Int);

    private static readonly Kernel s_rotateBf16 = new("rotate_rows_bf16", Pointer, Pointer, Pointer, Long, Long, Int, Int, Int);

    private static readonly Kernel s_rotateFloat = new("rotate_rows_float", Pointer, Pointer, Pointer, Long, Long, Int, Int, Int);

    private static readonly Kernel s_joinParts = new(
        "join_parts", Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Long, Int, Int, Int, Long, Long);

    private static readonly Kernel s_normHeads = new("norm_heads", Pointer, Pointer, Pointer, Long, Long, Int, Int, Int, Float);

    private static readonly Kernel s_addNorm = new("add_norm", Pointer, Pointer, Pointer, Pointer, Long, Int, Float);

    /// <summary>silu(gate) · up.</summary>
    /// <remarks>Plain twin: <c>gate</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="gateUp">Gate and up next to each other, [rows, 2 width], contiguous.</param>
    /// <param name="result">Takes the product, [rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Numbers of a row, a multiple of 8.</param>
    public static void Gate(CudaKernels kernels, Tensor gateUp, Tensor result, long rows, int width) =>
        kernels.Launch(s_gate, Grid.Blocks(rows * width / VectorWidth, Threads), Threads, 0, gateUp, result, rows, width);

    /// <summary>The gradient of <see cref="Gate"/>.</summary>
    /// <remarks>Plain twin: <c>gate_gradient</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="gateUp">Gate and up next to each other, [rows, 2 width], contiguous.</param>
    /// <param name="gradient">The product's gradient, [rows, width], contiguous.</param>
    /// <param name="result">Takes that of gate and up, [rows, 2 width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Numbers of a row, a multiple of 8.</param>
    public static void GateGradient(CudaKernels kernels, Tensor gateUp, Tensor gradient, Tensor result, long rows, int width) =>
        kernels.Launch(s_gateGradient, Grid.Blocks(rows * width / VectorWidth, Threads), Threads, 0, gateUp, gradient, result, rows, width);

    /// <summary>Rotates heads where they lie.</summary>
    /// <remarks>Plain twin: <c>rotate_in_place</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="x">Heads, [rows, heads, d], d a multiple of 16.</param>
    /// <param name="cosines">Cosines of each token, [tokens, d], float32 or bfloat16; row r has the angles of token r % tokens.</param>
    /// <param name="sines">Sines of the type of the cosines, negative in the first half of the channels.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="rowStride">Numbers from one row to the next.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="dim">d.</param>
    public static void Rotate(
        CudaKernels kernels, Tensor x, Tensor cosines, Tensor sines, long rows, long rowStride, int tokens, int heads, int dim) =>
        kernels.Launch(cosines.dtype == ScalarType.Float32 ? s_rotateFloat : s_rotateBf16,
            Grid.Blocks(rows * Grid.Blocks(heads, HeadsPerThread) * dim / 2 / VectorWidth, Threads), Threads, 0,
            x, cosines, sines, rows, rowStride, tokens, heads, dim);

    /// <summary>Whether <see cref="NormHeads"/> takes heads of a dimension.</summary>
    /// <param name="dim">d.</param>
    public static bool TakeNormHeads(long dim) => dim % VectorWidth == 0 && dim <= MaxHead;

    /// <summary>Root-mean-square norms of query and key heads where they lie.</summary>
    /// <remarks>Plain twin: <c>norm_heads</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="x">Query and key heads, [rows, heads, d], and other heads behind them.</param>
    /// <param name="query">The queries' weight, [d].</param>
    /// <param name="key">The keys' weight, [d].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="rowStride">Numbers from one row to the next, a multiple of 8.</param>
    /// <param name="queryHeads">Query heads.</param>
    /// <param name="heads">Query and key heads together.</param>
    /// <param name="dim">d, as <see cref="TakeNormHeads"/> says.</param>
    /// <param name="eps">The norms' eps.</param>
    public static void NormHeads(
        CudaKernels kernels, Tensor x, Tensor query, Tensor key, long rows, long rowStride, int queryHeads, int heads, int dim,
        float eps) =>
        kernels.LaunchEarly(s_normHeads, Grid.Blocks(rows * heads, RowsPerBlock), Threads, 0,
            x, query, key, rows, rowStride, queryHeads, heads, dim, eps);

    /// <summary>Adds to a residual stream, in place, and makes its root-mean-square norm.</summary>
    /// <remarks>Plain twin: <c>add_norm</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="x">The stream, [rows, dim], contiguous.</param>
    /// <param name="y">What is added, [rows, dim], contiguous.</param>
    /// <param name="weight">The norm's weight, [dim].</param>
    /// <param name="normed">Takes the norm, [rows, dim].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="dim">Numbers of a row, a multiple of 8, at most <see cref="MaxNormed"/>.</param>
    /// <param name="eps">The norm's eps.</param>
    public static void AddNorm(CudaKernels kernels, Tensor x, Tensor y, Tensor weight, Tensor normed, long rows, int dim, float eps) =>
        kernels.Launch(s_addNorm, Grid.Blocks(rows, RowsPerBlock), Threads, 0, x, y, weight, normed, rows, dim, eps);

    /// <summary>Puts together what queries took from up to four parts of their keys.</summary>
    /// <remarks>Plain twin: <c>PartedAttention.Plain</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="a">What was taken from the first part, [at least rows, heads, dim], contiguous.</param>
    /// <param name="sumsA">The logarithms of its sums of exponentials, [heads, firstStride], float32, contiguous.</param>
    /// <param name="b">Of the second part; null where there is none.</param>
    /// <param name="sumsB">Its sums, [heads, stride].</param>
    /// <param name="c">Of the third.</param>
    /// <param name="sumsC">Its sums, [heads, stride].</param>
    /// <param name="d">Of the fourth.</param>
    /// <param name="sumsD">Its sums, [heads, stride].</param>
    /// <param name="joined">Takes the whole, [rows, heads, dim].</param>
    /// <param name="rows">Queries.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="dim">Numbers of a head, a multiple of 8.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="firstStride">Numbers from one head's sums to the next in the first part.</param>
    /// <param name="stride">The like in the others.</param>
    public static void JoinParts(
        CudaKernels kernels, Tensor a, Tensor sumsA, Tensor? b, Tensor? sumsB, Tensor? c, Tensor? sumsC, Tensor? d, Tensor? sumsD,
        Tensor joined, long rows, int heads, int dim, int parts, long firstStride, long stride) =>
        kernels.Launch(
            s_joinParts, Grid.Blocks(rows * heads * dim / VectorWidth, Threads), Threads, 0,
            a, sumsA, b, sumsB, c, sumsC, d, sumsD, joined, rows, heads, dim, parts, firstStride, stride);
}
