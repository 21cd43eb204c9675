using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of DecodeKernels.cu: one token, or one each of several sessions, through a decoder layer.</summary>
/// <remarks>
/// Shapes: H query heads, G key/value heads, S stored heads, n = H / S at most 8, d head dimension, 64 or 128. All tensors are bfloat16 and
/// contiguous unless their parameter says otherwise.
/// </remarks>
internal static class DecodeKernels
{
    private const int Threads = 256, Warps = Threads / 32, NumberBytes = 2;
    private const int AttendThreads = 128, CombineRows = 4, MaxQueries = 8, MinRowsPerPart = 64;

    private static readonly Kernel s_linear = new("decode_linear", Pointer, Pointer, Float, Pointer, Pointer, Pointer, Pointer, Int, Int);

    private static readonly Kernel s_gateUp = new("decode_gate_up", Pointer, Pointer, Float, Pointer, Pointer, Int, Int);

    private static readonly ParameterType[] s_one =
        [Pointer, Pointer, Pointer, Pointer, Pointer, Long, Int, Int, Int, Pointer, Int, Pointer];

    private static readonly Kernel s_attendOne64 = new("attend_one_64", s_one);

    private static readonly Kernel s_attendOne128 = new("attend_one_128", s_one);

    private static readonly ParameterType[] s_together =
        [Pointer, Long, Long, Pointer, Pointer, Long, Long, Long, Long, Pointer, Int, Int, Int, Pointer];

    private static readonly Kernel s_attendTogether64 = new("attend_together_64", s_together);

    private static readonly Kernel s_attendTogether128 = new("attend_together_128", s_together);

    private static readonly Kernel s_combine = new("attend_combine", Pointer, Pointer, Int, Int);

    /// <summary>Whether the kernels of the attention take a decoder's heads.</summary>
    /// <param name="heads">H.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="headDim">d.</param>
    public static bool Take(int heads, int kvHeads, int headDim) => headDim is 64 or 128 && heads / kvHeads <= MaxQueries;

    /// <summary>Dynamic shared memory that a product takes, in bytes.</summary>
    /// <param name="dim">Numbers of the vector.</param>
    public static int ProductBytes(int dim) => dim * NumberBytes;

    /// <summary>Into how many parts, each a block, the rows of a stored head are cut: enough to fill the card, none too small.</summary>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="rows">Rows of the longest cache.</param>
    /// <param name="heads">Stored heads of all caches together.</param>
    public static int Parts(CudaKernels kernels, int rows, int heads) =>
        Math.Max(1, Math.Min(Grid.Blocks(rows, MinRowsPerPart), Grid.Blocks(kernels.ResidentBlocks, heads)));

    /// <summary>weight · norm(x) + bias + add.</summary>
    /// <remarks>
    /// Plain twin: <c>rms_norm</c> and <c>linear</c>, as <c>decoder_step</c> uses them; what is added comes after a rounding.
    /// </remarks>
    /// <param name="kernels">The card's kernels; a block may ask for <see cref="ProductBytes"/>.</param>
    /// <param name="x">A vector, [dim].</param>
    /// <param name="norm">Weight of the root-mean-square norm, [dim]; null for none.</param>
    /// <param name="eps">The norm's eps.</param>
    /// <param name="weight">The matrix, [rows, dim].</param>
    /// <param name="bias">[rows]; null for none.</param>
    /// <param name="add">Added at the end, [rows]; null for none. It may be the result.</param>
    /// <param name="result">Takes the result, [rows].</param>
    /// <param name="rows">Rows, an even number.</param>
    /// <param name="dim">Numbers of a row, a multiple of 8.</param>
    public static void Linear(
        CudaKernels kernels, Tensor x, Tensor? norm, float eps, Tensor weight, Tensor? bias, Tensor? add, Tensor result, int rows,
        int dim) =>
        kernels.LaunchEarly(s_linear, Products(kernels, rows / 2), Threads, ProductBytes(dim),
            x, norm, eps, weight, bias, add, result, rows, dim);

    /// <summary>silu(gate · norm(x)) · (up · norm(x)).</summary>
    /// <remarks>Plain twin: <c>rms_norm</c>, <c>linear</c> and <c>gate</c>, as <c>decoder_step</c> uses them.</remarks>
    /// <param name="kernels">The card's kernels; a block may ask for <see cref="ProductBytes"/>.</param>
    /// <param name="x">A vector, [dim].</param>
    /// <param name="norm">Weight of the root-mean-square norm, [dim]; null for none.</param>
    /// <param name="eps">The norm's eps.</param>
    /// <param name="weight">Gate and up, one below the other, [2 rows, dim].</param>
    /// <param name="result">Takes the product, [rows].</param>
    /// <param name="rows">Rows of each of the two.</param>
    /// <param name="dim">Numbers of a row, a multiple of 8.</param>
    public static void GateUp(CudaKernels kernels, Tensor x, Tensor? norm, float eps, Tensor weight, Tensor result, int rows, int dim) =>
        kernels.LaunchEarly(s_gateUp, Products(kernels, rows), Threads, ProductBytes(dim), x, norm, eps, weight, result, rows, dim);

    /// <summary>
    /// One token after its projections: rotates queries and key, writes its row of the cache, attends to all rows, part by part.
    /// </summary>
    /// <remarks>Plain twin, with <see cref="Combine"/>: the attention of <c>decoder_step</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="qkv">Queries, key and value of the token, [H + 2 G, d].</param>
    /// <param name="cosine">Cosines of its position, [d].</param>
    /// <param name="sine">Sines, negative in the first half of the channels, [d].</param>
    /// <param name="keys">The cache's keys, [S, capacity, d].</param>
    /// <param name="values">The cache's values, [S, capacity, d].</param>
    /// <param name="headStride">Numbers from one head of the cache to the next.</param>
    /// <param name="row">The token's row.</param>
    /// <param name="heads">H.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="queries">
    /// The observation window, [H, W, d]: takes the rotated queries in at its end, the others move up; null for none.
    /// </param>
    /// <param name="window">W.</param>
    /// <param name="parts">Takes the parts' sums, [S, parts, n, d + 2], float32.</param>
    /// <param name="partCount">Parts of a stored head.</param>
    /// <param name="stored">S.</param>
    /// <param name="dim">d.</param>
    public static void AttendOne(
        CudaKernels kernels, Tensor qkv, Tensor cosine, Tensor sine, Tensor keys, Tensor values, long headStride, int row, int heads,
        int kvHeads, Tensor? queries, int window, Tensor parts, int partCount, int stored, int dim) =>
        kernels.LaunchEarly(OfDim(dim, s_attendOne64, s_attendOne128), new Grid(partCount, stored), AttendThreads, 0,
            qkv, cosine, sine, keys, values, headStride, row, heads, kvHeads, queries, window, parts);

    /// <summary>A token each of several sessions: writes each one's row and attends to its own rows, part by part.</summary>
    /// <remarks>Plain twin, with <see cref="Combine"/>: <c>cache_attend</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="q">Rotated queries, [H, B, d].</param>
    /// <param name="qHead">Numbers from one head of the queries to the next.</param>
    /// <param name="qRow">Numbers from one session's query to the next.</param>
    /// <param name="freshKeys">The tokens' rotated keys, [G, B, d].</param>
    /// <param name="freshValues">The tokens' values, [G, B, d].</param>
    /// <param name="kHead">Numbers from one head of the keys to the next.</param>
    /// <param name="kRow">Numbers from one session's key to the next.</param>
    /// <param name="vHead">Numbers from one head of the values to the next.</param>
    /// <param name="vRow">Numbers from one session's value to the next.</param>
    /// <param name="sessions">
    /// Each session's cache, [B, 4], int64: address of its keys, of its values, numbers from one head to the next, its row.
    /// </param>
    /// <param name="after">Rows that each session has got since.</param>
    /// <param name="heads">H.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="parts">Takes the parts' sums, [B, S, parts, n, d + 2], float32.</param>
    /// <param name="partCount">Parts of a stored head.</param>
    /// <param name="stored">S.</param>
    /// <param name="count">Sessions B.</param>
    /// <param name="dim">d.</param>
    public static void AttendTogether(
        CudaKernels kernels, Tensor q, long qHead, long qRow, Tensor freshKeys, Tensor freshValues, long kHead, long kRow, long vHead,
        long vRow, Tensor sessions, int after, int heads, int kvHeads, Tensor parts, int partCount, int stored, int count, int dim) =>
        kernels.Launch(OfDim(dim, s_attendTogether64, s_attendTogether128), new Grid(partCount, stored, count), AttendThreads, 0,
            q, qHead, qRow, freshKeys, freshValues, kHead, kRow, vHead, vRow, sessions, after, heads, kvHeads, parts);

    /// <summary>Makes the attention of some tokens of the sums of its parts.</summary>
    /// <remarks>Plain twin: the end of the attention in <c>decoder_step</c> and <c>cache_attend</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="parts">The parts' sums, [tokens, S, parts, n, d + 2], float32.</param>
    /// <param name="result">Takes the attention, [tokens, H, d].</param>
    /// <param name="count">Parts of a stored head.</param>
    /// <param name="n">Query heads per stored head, H / S.</param>
    /// <param name="heads">H.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="dim">d.</param>
    public static void Combine(CudaKernels kernels, Tensor parts, Tensor result, int count, int n, int heads, int tokens, int dim) =>
        kernels.LaunchEarly(s_combine, new Grid(heads, tokens), new Grid(dim, CombineRows), (count + CombineRows * dim) * sizeof(float),
            parts, result, count, n);

    private static Grid Products(CudaKernels kernels, int pairs) => new(Math.Min(Grid.Blocks(pairs, Warps), kernels.ResidentBlocks));

    private static Kernel OfDim(int dim, Kernel of64, Kernel of128) => dim switch
    {
        64 => of64,
        128 => of128,
        _ => throw new ArgumentOutOfRangeException(nameof(dim), dim, "There is no kernel for heads of this dimension."),
    };
}
