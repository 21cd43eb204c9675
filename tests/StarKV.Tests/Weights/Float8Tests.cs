using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class Float8Tests
{
    private static float[] All(DType type)
    {
        var values = new float[256];
        Float8.Decode(type, [.. Enumerable.Range(0, 256).Select(i => (byte)i)], values);
        return values;
    }

    [Theory]
    [InlineData(0x00, 0)]
    [InlineData(0x01, 0.001953125)] // 2^-9, the smallest subnormal
    [InlineData(0x07, 0.013671875)] // 7·2^-9, the largest subnormal
    [InlineData(0x08, 0.015625)] // 2^-6, the smallest normal
    [InlineData(0x38, 1)]
    [InlineData(0x39, 1.125)]
    [InlineData(0x40, 2)]
    [InlineData(0x7E, 448)]
    [InlineData(0xB8, -1)]
    [InlineData(0xFE, -448)]
    public void E4M3_codes(byte code, float value) => Assert.Equal(value, All(DType.F8E4M3)[code]);

    [Theory]
    [InlineData(0x01, 0.0000152587890625)] // 2^-16
    [InlineData(0x03, 0.0000457763671875)] // 3·2^-16
    [InlineData(0x04, 0.00006103515625)] // 2^-14
    [InlineData(0x3C, 1)]
    [InlineData(0x3D, 1.25)]
    [InlineData(0x7B, 57344)]
    [InlineData(0x7C, float.PositiveInfinity)]
    [InlineData(0xFC, float.NegativeInfinity)]
    [InlineData(0xC0, -2)]
    public void E5M2_codes(byte code, float value) => Assert.Equal(value, All(DType.F8E5M2)[code]);

    [Fact]
    public void E4M3_has_two_nans_and_no_infinity()
    {
        var all = All(DType.F8E4M3);
        Assert.Equal([0x7F, 0xFF], Enumerable.Range(0, 256).Where(i => float.IsNaN(all[i])));
        Assert.Equal(254, all.Count(float.IsFinite));
    }

    [Fact]
    public void E5M2_has_six_nans_and_two_infinities()
    {
        var all = All(DType.F8E5M2);
        Assert.Equal([0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF], Enumerable.Range(0, 256).Where(i => float.IsNaN(all[i])));
        Assert.Equal(248, all.Count(float.IsFinite));
    }

    [Fact]
    public void Each_stored_type_is_a_float_or_not_and_has_a_type_in_which_it_is_read()
    {
        (DType Type, bool Float, ScalarType Read)[] all =
        [
            (DType.F64, true, ScalarType.Float64), (DType.F32, true, ScalarType.Float32), (DType.F16, true, ScalarType.Float16), (DType.BF16, true, ScalarType.BFloat16),
            (DType.I64, false, ScalarType.Int64), (DType.I32, false, ScalarType.Int32), (DType.I16, false, ScalarType.Int16), (DType.I8, false, ScalarType.Int8),
            (DType.U8, false, ScalarType.Byte), (DType.BOOL, false, ScalarType.Bool), (DType.F8E4M3, true, ScalarType.Float32), (DType.F8E5M2, true, ScalarType.Float32),
        ];
        Assert.Equal(Enum.GetValues<DType>(), all.Select(a => a.Type));
        Assert.All(all, a => Assert.Equal((a.Float, a.Read), (a.Type.IsFloat(), a.Type.ToScalarType())));
        Assert.Equal([DType.F8E4M3, DType.F8E5M2], all.Select(a => a.Type).Where(t => t.IsFloat8()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DType)99).ToScalarType());
    }

    [Theory]
    [InlineData(DType.F8E4M3, 127)]
    [InlineData(DType.F8E5M2, 125)]
    public void Magnitudes_grow_with_the_code_and_the_sign_is_the_first_bit(DType type, int firstNan)
    {
        var all = All(type);
        for (var i = 1; i < firstNan; i++)
        {
            Assert.True(all[i] > all[i - 1]);
            Assert.Equal(-all[i], all[i + 128]);
        }

        Assert.True(float.IsNegative(all[128]));
    }
}
