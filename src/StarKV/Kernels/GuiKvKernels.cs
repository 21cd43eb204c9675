using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of GuiKvKernels.cu: GUI-KV's temporal redundancy.</summary>
/// <remarks>Shapes: G key/value heads, L tokens, P past tokens, d head dimension, r directions.</remarks>
internal static class GuiKvKernels
{
    /// <summary>The most directions r.</summary>
    public const int MaxRank = 32;

    /// <summary>The largest head dimension d.</summary>
    public const int MaxDim = 256;

    private static readonly Kernel s_directions = new("first_directions", Pointer, Long, Long, Int, Int, Int, Pointer);

    private static readonly Kernel s_residuals = new("residuals", Pointer, Long, Long, Pointer, Int, Pointer, Int, Int, Pointer);

    private static readonly Kernel s_zero = new("zero_nearest", Pointer, Pointer, Int, Int, Pointer, Int);

    /// <summary>Orthonormal directions of some keys, in their order; a key that its predecessors span gives none.</summary>
    /// <remarks>Plain twin: <c>GuiKv.Basis</c>, by a QR decomposition.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="k">Keys, [G, L, d].</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="start">The first key.</param>
    /// <param name="rank">How many keys, r, at most <see cref="MaxRank"/>.</param>
    /// <param name="dim">d, at most <see cref="MaxDim"/>.</param>
    /// <param name="basis">Takes the directions, [G, r, d], float32.</param>
    public static void Directions(CudaKernels kernels, HeadRows k, int kvHeads, int start, int rank, int dim, Tensor basis) =>
        kernels.Launch(s_directions, new Grid(kvHeads), 1024, 0, k.Tensor, k.Head, k.Row, start, rank, dim, basis);

    /// <summary>How far some keys lie outside the span of a basis.</summary>
    /// <remarks>Plain twin: the residual's norm in <c>GuiKv.ZeroRedundant</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="k">Keys, [G, L, d].</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="tokens">Which keys, [count], int64.</param>
    /// <param name="count">How many.</param>
    /// <param name="basis">The directions, [G, r, d], float32.</param>
    /// <param name="rank">r.</param>
    /// <param name="dim">d.</param>
    /// <param name="distances">Takes the distances, [G, count], float32.</param>
    public static void Residuals(
        CudaKernels kernels, HeadRows k, int kvHeads, Tensor tokens, int count, Tensor basis, int rank, int dim, Tensor distances) =>
        kernels.Launch(s_residuals, new Grid(Grid.Blocks(count, 8), kvHeads), 256, rank * dim * sizeof(float),
            k.Tensor, k.Head, k.Row, tokens, count, basis, rank, dim, distances);

    /// <summary>Sets the scores of the tokens with the smallest distances to 0.</summary>
    /// <remarks>Plain twin: the mask at the end of <c>GuiKv.ZeroRedundant</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="distances">Distances, [G, count], float32.</param>
    /// <param name="tokens">Which tokens they are of, [count], int64.</param>
    /// <param name="count">How many.</param>
    /// <param name="drop">How many of them per head, at least 1.</param>
    /// <param name="scores">Scores, [G, P], float32, changed in place.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="past">P.</param>
    public static void ZeroNearest(
        CudaKernels kernels, Tensor distances, Tensor tokens, int count, int drop, Tensor scores, int kvHeads, int past) =>
        kernels.Launch(s_zero, new Grid(kvHeads), 1024, 0, distances, tokens, count, drop, scores, past);
}
