using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Weights;

/// <summary>The two 8-bit floating-point formats of published checkpoints.</summary>
/// <remarks>
/// Source: Micikevicius et al., "FP8 Formats for Deep Learning", arXiv 2209.05433. E4M3 has no infinities; its only NaNs are 0x7F and 0xFF.
/// </remarks>
[Experimental("STARKV001")]
public static class Float8
{
    private static readonly float[] s_e4M3 = Table(exponentBits: 4, bias: 7, infinities: false);
    private static readonly float[] s_e5M2 = Table(exponentBits: 5, bias: 15, infinities: true);

    /// <summary>Decodes <paramref name="bytes"/> into <paramref name="values"/>, one number per byte.</summary>
    public static void Decode(DType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        var table = type == DType.F8E4M3 ? s_e4M3 : s_e5M2;
        for (var i = 0; i < bytes.Length; i++)
            values[i] = table[bytes[i]];
    }

    /// <summary>The torch type in which a stored type is read; FP8 is decoded to float32.</summary>
    internal static ScalarType ToScalarType(this DType type) => type switch
    {
        DType.F64 => ScalarType.Float64,
        DType.F32 or DType.F8E4M3 or DType.F8E5M2 => ScalarType.Float32,
        DType.F16 => ScalarType.Float16,
        DType.BF16 => ScalarType.BFloat16,
        DType.I64 => ScalarType.Int64,
        DType.I32 => ScalarType.Int32,
        DType.I16 => ScalarType.Int16,
        DType.I8 => ScalarType.Int8,
        DType.U8 => ScalarType.Byte,
        DType.BOOL => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static float[] Table(int exponentBits, int bias, bool infinities)
    {
        var mantissaBits = 7 - exponentBits;
        var table = new float[256];
        for (var code = 0; code < 256; code++)
        {
            var (exponent, mantissa) = ((code & 0x7F) >> mantissaBits, code & ((1 << mantissaBits) - 1));
            var fraction = mantissa / (float)(1 << mantissaBits);
            var last = exponent == (1 << exponentBits) - 1;
            var magnitude = last && infinities ? (mantissa == 0 ? float.PositiveInfinity : float.NaN)
                : last && mantissa == (1 << mantissaBits) - 1 ? float.NaN
                : exponent == 0 ? fraction * MathF.Pow(2, 1 - bias)
                : (1 + fraction) * MathF.Pow(2, exponent - bias);
            table[code] = code < 128 ? magnitude : -magnitude;
        }

        return table;
    }
}
