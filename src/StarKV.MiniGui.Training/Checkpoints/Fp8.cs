using StarKV.Weights;

namespace StarKV.MiniGui.Training.Checkpoints;

/// <summary>Rounds numbers to FP8 E4M3, to nearest and ties to even; what is too large becomes 448.</summary>
/// <remarks>Source: Micikevicius et al., "FP8 Formats for Deep Learning", arXiv 2209.05433.</remarks>
internal static class Fp8
{
    /// <summary>The largest number.</summary>
    public const float Max = 448;

    /// <summary>The numbers of the codes 0x00 to 0x7E, rising.</summary>
    private static readonly float[] s_values = Values();

    /// <summary>The code of a finite number.</summary>
    public static byte Encode(float value)
    {
        var sign = (byte)(float.IsNegative(value) ? 0x80 : 0);
        var magnitude = MathF.Min(MathF.Abs(value), Max);
        var at = Array.BinarySearch(s_values, magnitude);
        if (at < 0)
        {
            at = ~at;
            var (below, above) = (magnitude - s_values[at - 1], s_values[at] - magnitude);
            if (below < above || (below == above && (at - 1) % 2 == 0))
                at--;
        }

        return (byte)(sign | at);
    }

    private static float[] Values()
    {
        var values = new float[0x7F];
        Float8.Decode(DType.F8E4M3, [.. Enumerable.Range(0, values.Length).Select(i => (byte)i)], values);
        return values;
    }
}
