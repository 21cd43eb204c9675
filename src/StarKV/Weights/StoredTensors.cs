using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>Copies stored tensors into CPU tensors.</summary>
[Experimental("STARKV001")]
public static class StoredTensors
{
    /// <summary>The whole of a tensor below 2 GiB, in its stored type; FP8 becomes float32, without its scale.</summary>
    public static Tensor ToTensor(this TensorEntry entry) => entry.ToTensor(0, checked((int)entry.ByteLength), entry.Shape);

    /// <summary>Some bytes of a tensor as a tensor of <paramref name="shape"/>.</summary>
    internal static Tensor ToTensor(this TensorEntry entry, long start, int length, long[] shape)
    {
        var bytes = entry.Bytes(start, length);
        var copy = empty(shape, entry.DType.ToScalarType());
        if (entry.DType.IsFloat8())
            Float8.Decode(entry.DType, bytes, MemoryMarshal.Cast<byte, float>(copy.bytes));
        else
            bytes.CopyTo(copy.bytes);
        return copy;
    }
}
