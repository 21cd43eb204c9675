using System.Runtime.InteropServices;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>
/// One argument of a kernel: a number, or the address of a tensor's first element. For the launchers alone, whose methods are typed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KernelArgument
{
    // First, so that its address is the argument's: the kernel reads the low bytes, as many as its parameter has.
    private readonly long _bits;

    private KernelArgument(long bits, ParameterType type) => (_bits, Type) = (bits, type);

    /// <summary>What it is.</summary>
    public ParameterType Type { get; }

    /// <summary>The number's bytes, the first one lowest, or the address.</summary>
    public long Bits => _bits;

    public static implicit operator KernelArgument(int value) => new(value, ParameterType.Int);

    public static implicit operator KernelArgument(long value) => new(value, ParameterType.Long);

    /// <summary>A C <c>int</c>: 1 or 0.</summary>
    public static implicit operator KernelArgument(bool value) => new(value ? 1 : 0, ParameterType.Int);

    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToInt32Bits(value), ParameterType.Float);

    public static implicit operator KernelArgument(double value) => new(BitConverter.DoubleToInt64Bits(value), ParameterType.Double);

    /// <summary>No tensor is a null pointer.</summary>
    public static implicit operator KernelArgument(Tensor? value) =>
        new(value is null ? 0 : TensorAddress.Of(value), ParameterType.Pointer);
}
