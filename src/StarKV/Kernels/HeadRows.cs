using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// A tensor [heads, rows, d] as the kernels read it: 16 bytes at a time, d contiguous, any stride between heads and rows.
/// </summary>
internal readonly record struct HeadRows(Tensor Tensor, long Head, long Row)
{
    /// <summary>The tensor itself if it lies so, else a copy that does.</summary>
    public static HeadRows Of(Tensor tensor)
    {
        var strides = tensor.stride();
        if (strides[2] != 1 || strides[0] % 8 != 0 || strides[1] % 8 != 0 || TensorAddress.Of(tensor) % 16 != 0)
        {
            tensor = tensor.contiguous().clone();
            strides = tensor.stride();
        }

        return new HeadRows(tensor, strides[0], strides[1]);
    }
}
