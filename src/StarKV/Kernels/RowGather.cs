using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Copies chosen rows of keys and values into a cache's buffers in one launch.</summary>
internal static class RowGather
{
    /// <summary>Copies; false where the kernel cannot run and nothing was done.</summary>
    /// <param name="keys">Keys, [G, L, d].</param>
    /// <param name="values">Values, [G, L, d].</param>
    /// <param name="rows">Rows to copy, [1, n] or one list for each head of the buffers.</param>
    /// <param name="copies">Heads of the buffers for each of the keys.</param>
    /// <param name="toKeys">Buffer, [G · copies, at least n, d], contiguous.</param>
    /// <param name="toValues">Buffer of the same shape.</param>
    public static bool TryCopy(Tensor keys, Tensor values, Tensor rows, int copies, Tensor toKeys, Tensor toValues)
    {
        var (count, dim) = ((int)rows.shape[1], (int)keys.shape[2]);
        if (CudaKernels.For(keys) is not { } kernels || dim % 8 != 0)
            return false;
        var lists = rows.contiguous();
        GatherKernels.Rows(
            kernels, HeadRows.Of(keys), HeadRows.Of(values), lists, lists.shape[0] == 1 ? 0 : count, (int)toKeys.shape[0], count, dim,
            copies, toKeys, toValues, toKeys.stride(0));
        return true;
    }
}
