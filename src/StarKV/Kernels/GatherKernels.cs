using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernel of GatherKernels.cu: the copy of the rows that stay.</summary>
internal static class GatherKernels
{
    private static readonly Kernel s_rows = new(
        "gather_rows", Pointer, Long, Long, Pointer, Long, Long, Pointer, Long, Int, Int, Int, Pointer, Pointer, Long);

    /// <summary>Copies rows of keys and values into a cache's buffers.</summary>
    /// <remarks>Plain twin: <c>KvLayer.Rows</c>, once for the keys and once for the values.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="keys">Keys, [G, L, d], d a multiple of 8.</param>
    /// <param name="values">Values, [G, L, d].</param>
    /// <param name="rows">Rows to copy, [1, count] or [G · copies, count], int64.</param>
    /// <param name="rowsHead">Numbers from one head's list to the next; 0 for one list for all heads.</param>
    /// <param name="heads">Heads of the buffers, G · copies.</param>
    /// <param name="count">Rows per head.</param>
    /// <param name="dim">d.</param>
    /// <param name="copies">Heads of the buffers per head of the keys.</param>
    /// <param name="keysOut">Takes the keys, [G · copies, at least count, d], contiguous.</param>
    /// <param name="valuesOut">Takes the values, shaped like it.</param>
    /// <param name="outHead">Numbers from one head of the buffers to the next.</param>
    public static void Rows(
        CudaKernels kernels, HeadRows keys, HeadRows values, Tensor rows, long rowsHead, int heads, int count, int dim, int copies,
        Tensor keysOut, Tensor valuesOut, long outHead) =>
        kernels.Launch(s_rows, new Grid(Grid.Blocks(count * dim / 8, 256), heads), 256, 0,
            keys.Tensor, keys.Head, keys.Row, values.Tensor, values.Head, values.Row, rows, rowsHead, count, dim, copies, keysOut,
            valuesOut, outHead);
}
