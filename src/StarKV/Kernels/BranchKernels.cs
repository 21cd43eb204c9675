using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernel of BranchKernels.cu: what branches attend to.</summary>
/// <remarks>
/// Shapes: H query heads, G key/value heads, n = H / G, m tokens of all branches, L rows, d head dimension, a multiple of 32.
/// </remarks>
internal static class BranchKernels
{
    private const int TileRows = 64;

    private static readonly Kernel s_sums = new(
        "branch_sums", Pointer, Long, Long, Pointer, Long, Long, Pointer, Pointer, Pointer, Int, Int, Int, Int, Float);

    /// <summary>Attention to each row, summed with what each query counts.</summary>
    /// <remarks>Plain twin: <c>branch_sum</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="q">The branches' queries, [H, m, d].</param>
    /// <param name="k">Keys, [G, L, d].</param>
    /// <param name="logSums">Logarithms of the sums of exponentials, [G, n · m], float32.</param>
    /// <param name="shares">What each query counts, [n · m], float32.</param>
    /// <param name="sums">Takes the sums, [G, rows], float32.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="perGroup">Query heads per key/value head, n.</param>
    /// <param name="tokens">m.</param>
    /// <param name="rows">Rows, at most L.</param>
    /// <param name="dim">d.</param>
    /// <param name="scale">The factor of the products, 1 / √d.</param>
    public static void Sums(
        CudaKernels kernels, HeadRows q, HeadRows k, Tensor logSums, Tensor shares, Tensor sums, int kvHeads, int perGroup, int tokens,
        int rows, int dim, float scale) =>
        kernels.Launch(s_sums, new Grid(Grid.Blocks(rows, TileRows), kvHeads), 128, 0,
            q.Tensor, q.Head, q.Row, k.Tensor, k.Head, k.Row, logSums, shares, sums, perGroup, tokens, rows, dim, scale);
}
