using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernel of SelectKernels.cu: the choice of the rows that stay.</summary>
internal static class SelectKernels
{
    private static readonly Kernel s_rows = new("select_rows", Pointer, Int, Int, Int, Pointer);

    /// <summary>The best of each row of scores, ascending, and the window after them; of equal scores the first are taken.</summary>
    /// <remarks>Plain twin: <c>Selector.Best</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="scores">Scores, [lists, P], float32, contiguous.</param>
    /// <param name="lists">Lists of rows.</param>
    /// <param name="past">P.</param>
    /// <param name="keep">How many of the past are kept, at most P.</param>
    /// <param name="window">Rows of the window, which follow the past.</param>
    /// <param name="rows">Takes the rows, [lists, keep + window], int64.</param>
    public static void Rows(CudaKernels kernels, Tensor scores, int lists, int past, int keep, int window, Tensor rows) =>
        kernels.Launch(s_rows, new Grid(lists), 1024, 0, scores, past, keep, window, rows);
}
