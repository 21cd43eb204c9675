using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace StarKV.Runtime.Cuda;

/// <summary>One argument of a kernel: a number, or the address of a tensor's first element.</summary>
internal readonly struct KernelArgument
{
    private static readonly nint s_dataOf = NativeLibrary.GetExport(LibTorch.Binding, "THSTensor_data");

    // The kernel reads the low bytes, as many as its parameter has.
    private readonly long _bits;

    private KernelArgument(long bits) => _bits = bits;

    public static implicit operator KernelArgument(int value) => new(value);

    public static implicit operator KernelArgument(long value) => new(value);

    public static implicit operator KernelArgument(bool value) => new(value ? 1 : 0);

    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToInt32Bits(value));

    public static implicit operator KernelArgument(double value) => new(BitConverter.DoubleToInt64Bits(value));

    /// <summary>No tensor is a null pointer.</summary>
    public static implicit operator KernelArgument(Tensor? value) => new(value is null ? 0 : Address(value));

    /// <summary>Where a tensor's first element lies; TorchSharp has the function but shows it only for the CPU.</summary>
    public static unsafe long Address(Tensor tensor)
    {
        var address = ((delegate* unmanaged<nint, nint>)s_dataOf)(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }
}
