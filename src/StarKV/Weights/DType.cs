using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>How a stored tensor writes one element; the names of the safetensors format without their underscores.</summary>
[Experimental("STARKV001")]
public enum DType
{
    /// <summary>64-bit float, 8 bytes.</summary>
    F64,
    /// <summary>32-bit float, 4 bytes.</summary>
    F32,
    /// <summary>IEEE half, 2 bytes.</summary>
    F16,
    /// <summary>bfloat16, 2 bytes.</summary>
    BF16,
    /// <summary>Signed 64-bit integer, 8 bytes.</summary>
    I64,
    /// <summary>Signed 32-bit integer, 4 bytes.</summary>
    I32,
    /// <summary>Signed 16-bit integer, 2 bytes.</summary>
    I16,
    /// <summary>Signed 8-bit integer, 1 byte.</summary>
    I8,
    /// <summary>Unsigned 8-bit integer, 1 byte.</summary>
    U8,
    /// <summary>Truth value, 1 byte, 0 or 1.</summary>
    BOOL,
    /// <summary>8-bit float, 4 exponent and 3 mantissa bits (<c>F8_E4M3</c>), 1 byte.</summary>
    F8E4M3,
    /// <summary>8-bit float, 5 exponent and 2 mantissa bits (<c>F8_E5M2</c>), 1 byte.</summary>
    F8E5M2,
}

/// <summary>Sizes and stored names of <see cref="DType"/>.</summary>
[Experimental("STARKV001")]
public static class DTypes
{
    /// <summary>The stored names that can be read, for messages.</summary>
    internal const string Supported = "F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL, F8_E4M3 and F8_E5M2";

    /// <summary>Returns the bytes of one element, 1 to 8.</summary>
    public static int ByteSize(this DType type) => type switch
    {
        DType.F64 or DType.I64 => 8,
        DType.F32 or DType.I32 => 4,
        DType.F16 or DType.BF16 or DType.I16 => 2,
        _ => 1,
    };

    /// <summary>True for the two 8-bit floats, which mean something only together with their scale.</summary>
    public static bool IsFloat8(this DType type) => type is DType.F8E4M3 or DType.F8E5M2;

    /// <summary>True for every float, 8-bit floats included; false for integers and truth values.</summary>
    public static bool IsFloat(this DType type) =>
        type is DType.F64 or DType.F32 or DType.F16 or DType.BF16 || type.IsFloat8();

    /// <summary>Reads a stored name such as <c>BF16</c> or <c>F8_E4M3</c>; null for any other.</summary>
    internal static DType? Parse(string stored) => stored switch
    {
        "F64" => DType.F64,
        "F32" => DType.F32,
        "F16" => DType.F16,
        "BF16" => DType.BF16,
        "I64" => DType.I64,
        "I32" => DType.I32,
        "I16" => DType.I16,
        "I8" => DType.I8,
        "U8" => DType.U8,
        "BOOL" => DType.BOOL,
        "F8_E4M3" => DType.F8E4M3,
        "F8_E5M2" => DType.F8E5M2,
        _ => null,
    };
}
