using System.Buffers.Binary;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(_folder.Write("model.safetensors", bytes));

    [Fact]
    public void Reads_names_shapes_types_metadata_and_bytes()
    {
        using var file = Open(new SafetensorsBuilder()
            .Metadata(new() { ["format"] = "pt" })
            .Add("a", "F32", 2, 3).Add("scalar", "BF16").Add("empty", "I64", 0, 5).Add("é\u4e2d", "F8_E4M3", 7).Build());

        Assert.Equal(["a", "empty", "scalar", "é\u4e2d"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("pt", file.Metadata["format"]);
        var a = file.Tensors["a"];
        Assert.Equal((DType.F32, 6L, 24L), (a.DType, a.ElementCount, a.ByteLength));
        Assert.Equal([2, 3], a.Shape);
        Assert.Equal([4, 5, 6], a.Bytes(4, 3).ToArray());
        Assert.Equal((1L, 2L), (file.Tensors["scalar"].ElementCount, file.Tensors["scalar"].ByteLength));
        Assert.Empty(file.Tensors["scalar"].Shape);
        Assert.Equal(0, file.Tensors["empty"].ByteLength);
        Assert.True(file.Bytes(file.Tensors["empty"], 0, 0).IsEmpty);
        Assert.Equal("a F32 [2, 3]", a.ToString());
    }

    [Theory]
    [InlineData("F64", DType.F64, 8)]
    [InlineData("F32", DType.F32, 4)]
    [InlineData("F16", DType.F16, 2)]
    [InlineData("BF16", DType.BF16, 2)]
    [InlineData("I64", DType.I64, 8)]
    [InlineData("I32", DType.I32, 4)]
    [InlineData("I16", DType.I16, 2)]
    [InlineData("I8", DType.I8, 1)]
    [InlineData("U8", DType.U8, 1)]
    [InlineData("BOOL", DType.BOOL, 1)]
    [InlineData("F8_E4M3", DType.F8E4M3, 1)]
    [InlineData("F8_E5M2", DType.F8E5M2, 1)]
    public void Reads_every_type(string stored, DType expected, int size)
    {
        using var file = Open(new SafetensorsBuilder().Add("x", stored, 3).Build());
        var x = file.Tensors["x"];
        Assert.Equal((expected, 3L * size, size), (x.DType, x.ByteLength, x.DType.ByteSize()));
    }

    [Fact]
    public void Accepts_a_tensor_that_is_not_aligned_to_its_element_size()
    {
        using var file = Open(new SafetensorsBuilder().Add("one", "U8", 1).Add("x", "F64", [1], BitConverter.GetBytes(1.5)).Build());
        Assert.Equal(1.5, BinaryPrimitives.ReadDoubleLittleEndian(file.Tensors["x"].Bytes(0, 8)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("""{"dtype":"F64","shape":[9],"data_offsets":[5,5]}""")]
    [InlineData("""[{"shape":[9]},[[]]]""")]
    public void Passes_over_fields_that_the_format_does_not_have(string value)
    {
        using var file = Open(SafetensorsBuilder.Raw($$$"""{"x":{"dtype":"U8","more":{{{value}}},"shape":[2],"data_offsets":[0,2],"most":{{{value}}}}}""", 7, 8));
        Assert.Equal("x U8 [2]", file.Tensors["x"].ToString());
        Assert.Equal([7, 8], file.Tensors["x"].Bytes(0, 2).ToArray());
    }

    [Fact]
    public void Accepts_a_header_padded_with_spaces_and_a_file_without_tensors()
    {
        using var file = Open(SafetensorsBuilder.Raw("{}      "));
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Refuses_pieces_outside_the_tensor_and_tensors_of_another_file()
    {
        using var file = Open(new SafetensorsBuilder().Add("a", "U8", 4).Add("b", "U8", 4).Build());
        using var other = SafetensorsFile.Open(_folder.Write("other.safetensors", new SafetensorsBuilder().Add("a", "U8", 4).Build()));
        var a = file.Tensors["a"];
        Assert.Equal(0, a.Bytes(4, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = a.Bytes(1, 4));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => _ = a.Bytes(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => _ = a.Bytes(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = a.Bytes(long.MaxValue, 1));
        Assert.Throws<ArgumentException>(() => _ = other.Bytes(a, 0, 1));
    }

    [Fact]
    public void Refuses_bytes_after_it_is_closed()
    {
        var file = Open(new SafetensorsBuilder().Add("a", "U8", 4).Build());
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = file.Tensors["a"].Bytes(0, 1));
    }
}
