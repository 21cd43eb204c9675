using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of WindowKernels.cu: window attention and its spatial boost.</summary>
/// <remarks>
/// Shapes: H query heads, G key/value heads, n = H / G, W window queries, L tokens, P = L − W past tokens, d head dimension, a multiple of
/// 32.
/// </remarks>
internal static class WindowKernels
{
    private const int TileTokens = 64, TileQueries = 64, PoolTokens = 128, RowsPerBlock = 4, NormsPerBlock = 8;

    private static readonly Kernel s_logits = new(
        "window_logits", Pointer, Long, Long, Pointer, Long, Long, Pointer, Pointer, Pointer, Int, Int, Int, Int, Float);

    private static readonly Kernel s_stats = new("window_stats", Pointer, Pointer, Pointer, Int, Int);

    private static readonly Kernel s_pool = new("window_pool", Pointer, Pointer, Pointer, Int, Int, Pointer, Int, Int, Int, Int, Int);

    private static readonly Kernel s_norms = new("row_norms", Pointer, Long, Pointer, Int, Int);

    private static readonly Kernel s_boost = new("spatial_boost", Pointer, Pointer, Int, Float, Float);

    /// <summary>Whether the kernels take a head dimension.</summary>
    public static bool Take(long headDim) => headDim % 32 == 0;

    /// <summary>Parts into which the tokens of a row of logits are cut.</summary>
    public static int Tiles(int length) => Grid.Blocks(length, TileTokens);

    /// <summary>
    /// Scaled logits of the window's queries, −∞ for the future, and the maximum and the sum of exponentials of each tile.
    /// </summary>
    /// <remarks>Plain twin, with <see cref="Stats"/> and the weights of <see cref="Pool"/>: <c>window_attention</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="q">The window's queries, [H, W, d].</param>
    /// <param name="k">Keys, [G, L, d].</param>
    /// <param name="logits">Takes the logits, [H · W, L], float32.</param>
    /// <param name="tileMax">Takes each tile's maximum, [H · W, tiles], float32.</param>
    /// <param name="tileSum">Takes each tile's sum, [H · W, tiles], float32.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="perGroup">Query heads per key/value head, n.</param>
    /// <param name="window">W.</param>
    /// <param name="length">L.</param>
    /// <param name="dim">d.</param>
    /// <param name="scale">The factor of the products, 1 / √d.</param>
    public static void Logits(
        CudaKernels kernels, HeadRows q, HeadRows k, Tensor logits, Tensor tileMax, Tensor tileSum, int kvHeads, int perGroup, int window,
        int length, int dim, float scale) =>
        kernels.Launch(s_logits, new Grid(Tiles(length), kvHeads, Grid.Blocks(perGroup * window, TileQueries)), 128, 0,
            q.Tensor, q.Head, q.Row, k.Tensor, k.Head, k.Row, logits, tileMax, tileSum, perGroup, window, length, dim, scale);

    /// <summary>The maximum and the sum of exponentials of each row, of those of its tiles.</summary>
    /// <remarks>Plain twin: see <see cref="Logits"/>, <c>window_attention</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="tileMax">Each tile's maximum, [rows, tiles], float32.</param>
    /// <param name="tileSum">Each tile's sum, [rows, tiles], float32.</param>
    /// <param name="stats">Takes maximum and sum, [rows, 2], float32.</param>
    /// <param name="rows">Rows, H · W.</param>
    /// <param name="tiles">Tiles of a row.</param>
    public static void Stats(CudaKernels kernels, Tensor tileMax, Tensor tileSum, Tensor stats, int rows, int tiles) =>
        kernels.Launch(s_stats, new Grid(Grid.Blocks(rows, RowsPerBlock)), 128, 0, tileMax, tileSum, stats, rows, tiles);

    /// <summary>
    /// Attention weights, rounded to bfloat16, summed over the queries, pooled along the tokens, boosted, averaged over each group.
    /// </summary>
    /// <remarks>Plain twin: <c>WindowAttention.Pooled</c> and the mean over a group; padding counts in an average.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="logits">Logits, [H · W, L], float32.</param>
    /// <param name="stats">Maximum and sum of each row, [H · W, 2], float32.</param>
    /// <param name="boost">What is added to tokens [liftStart, liftEnd), float32; null for none.</param>
    /// <param name="liftStart">The first boosted token.</param>
    /// <param name="liftEnd">The token after the last boosted one.</param>
    /// <param name="groups">Takes the scores, [G, P], float32.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="perGroup">Query heads per key/value head, n.</param>
    /// <param name="window">W.</param>
    /// <param name="length">L.</param>
    /// <param name="kernel">Width of the pooling in tokens, odd.</param>
    /// <param name="takeMax">Whether to pool by the maximum rather than the average.</param>
    public static void Pool(
        CudaKernels kernels, Tensor logits, Tensor stats, Tensor? boost, int liftStart, int liftEnd, Tensor groups, int kvHeads,
        int perGroup, int window, int length, int kernel, bool takeMax) =>
        kernels.Launch(
            s_pool, new Grid(Grid.Blocks(length - window, PoolTokens), kvHeads), PoolTokens,
            perGroup * (PoolTokens - 1 + kernel) * sizeof(float),
            logits, stats, boost, liftStart, liftEnd, groups, perGroup, window, length, kernel, takeMax);

    /// <summary>L2 norms of rows.</summary>
    /// <remarks>Plain twin: <c>TokenNorms.Of</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="vectors">The rows, [rows, dim], bfloat16, dim a multiple of 8.</param>
    /// <param name="stride">Numbers from one row to the next.</param>
    /// <param name="norms">Takes the norms, [rows], float32.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="dim">Numbers of a row.</param>
    public static void Norms(CudaKernels kernels, Tensor vectors, long stride, Tensor norms, int rows, int dim) =>
        kernels.Launch(s_norms, new Grid(Grid.Blocks(rows, NormsPerBlock)), 256, 0, vectors, stride, norms, rows, dim);

    /// <summary>alpha · softmax(z / temperature), z the standardised norms with the unbiased deviation.</summary>
    /// <remarks>Plain twin: <c>SpatialBoost.AddTo</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="norms">Norms, [count], float32.</param>
    /// <param name="boost">Takes the boost, [count], float32.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="alpha">The boost's strength: its sum over the tokens.</param>
    /// <param name="temperature">The softmax's temperature.</param>
    public static void Boost(CudaKernels kernels, Tensor norms, Tensor boost, int count, float alpha, float temperature) =>
        kernels.Launch(s_boost, new Grid(1), 1024, 0, norms, boost, count, alpha, temperature);
}
