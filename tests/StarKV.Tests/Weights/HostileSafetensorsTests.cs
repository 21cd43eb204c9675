using System.Text;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

/// <summary>Every way a file can lie; each is refused by name of file and tensor.</summary>
public sealed class HostileSafetensorsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Refused(byte[] bytes, params string[] said)
    {
        var path = _folder.Write("bad.safetensors", bytes);
        var error = Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.All([path, .. said], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private void RefusedHeader(string header, int dataBytes, params string[] said) =>
        Refused(SafetensorsBuilder.Raw(header, new byte[dataBytes]), said);

    private static string Tensor(string name, string dtype, string shape, string offsets) =>
        $$"""
        "{{name}}":{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":{{offsets}}}
        """;

    [Fact]
    public void Missing_file()
    {
        var error = Assert.Throws<StarKvException>(() => SafetensorsFile.Open(_folder.File("none.safetensors")));
        Assert.Contains("none.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_instead_of_a_file() => Assert.Throws<StarKvException>(() => SafetensorsFile.Open(_folder.Path));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void File_shorter_than_8_bytes(int length) => Refused(new byte[length], $"{length} bytes", "at least 8");

    [Fact]
    public void Header_longer_than_the_file() => Refused([200, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], "200", "cut short");

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Header_a_little_longer_than_the_file(byte announced) =>
        Refused([announced, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], $"announces a header of {announced} bytes but has 2 after its first 8; it is cut short");

    [Fact]
    public void Header_length_above_every_signed_number() =>
        Refused([255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}'], "18,446,744,073,709,551,615");

    [Fact]
    public void Header_above_100_MB()
    {
        var path = _folder.File("long.safetensors");
        using (var stream = File.Create(path))
        {
            stream.Write(BitConverter.GetBytes(100_000_001L));
            stream.SetLength(100_000_100);
        }

        var error = Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path));
        Assert.Contains("the limit is 100,000,000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_of_100_MB_is_read()
    {
        var header = new byte[100_000_000];
        header.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(header);
        using var file = SafetensorsFile.Open(_folder.Write("long.safetensors", SafetensorsBuilder.Raw(header, [])));
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Header_of_no_bytes() => RefusedHeader("", 0, "not valid JSON");

    [Fact]
    public void Header_that_is_not_UTF8() => Refused(SafetensorsBuilder.Raw([.. "{\"a"u8, 0xC3, .. "\":1}"u8], []), "not UTF-8");

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void Header_that_is_not_an_object(string header) => RefusedHeader(header, 0, "not a JSON object");

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\"")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{},")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"\\ud800\":{}}")]
    [InlineData("// no\n{}")]
    public void Header_that_is_not_valid_JSON(string header) => RefusedHeader(header, 0, "not valid JSON");

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Tensor_that_is_not_an_object(string value) => RefusedHeader($"{{\"a\":{value}}}", 0, "'a'", "JSON object");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"dtype":"U8","shape":[1]}""")]
    [InlineData("""{"dtype":"U8","data_offsets":[0,1]}""")]
    [InlineData("""{"shape":[1],"data_offsets":[0,1]}""")]
    public void Tensor_without_a_field(string value) => RefusedHeader($"{{\"a\":{value}}}", 1, "'a'", "lacks");

    [Fact]
    public void Field_given_twice() =>
        RefusedHeader("""{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "'a'", "shape twice");

    [Theory]
    [InlineData("F4")]
    [InlineData("f32")]
    [InlineData("U64")]
    [InlineData("")]
    public void Unknown_type(string dtype) => RefusedHeader($"{{{Tensor("a", dtype, "[1]", "[0,1]")}}}", 1, "'a'", $"'{dtype}'", "F8_E4M3");

    [Theory]
    [InlineData("U32", true)]
    [InlineData("U64", false)]
    public void Only_the_type_in_which_MLX_packs_weights_is_said_to_be_its(string dtype, bool isMlx)
    {
        var path = _folder.Write("bad.safetensors", SafetensorsBuilder.Raw($"{{{Tensor("a", dtype, "[1]", "[0,1]")}}}", new byte[1]));
        Assert.Equal(isMlx, Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path)).Message.Contains("MLX packs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_without_a_way_out_ends_with_its_sentence()
    {
        var path = _folder.Write("bad.safetensors", SafetensorsBuilder.Raw("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,1]}}""", new byte[1]));
        Assert.Equal($"{path}: tensor 'a' has a dtype that is not a text.", Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void Type_that_is_not_a_text() => RefusedHeader("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,1]}}""", 1, "'a'", "dtype");

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[9223372036854775808]")]
    [InlineData("[\"1\"]")]
    [InlineData("[[1]]")]
    [InlineData("1")]
    public void Shape_that_is_not_a_list_of_sizes(string shape) => RefusedHeader($"{{{Tensor("a", "U8", shape, "[0,1]")}}}", 1, "'a'", "shape");

    [Fact]
    public void Shape_of_more_than_64_dimensions() =>
        RefusedHeader($"{{{Tensor("a", "U8", $"[{string.Join(',', Enumerable.Repeat(1, 65))}]", "[0,1]")}}}", 1, "'a'", "more than 64");

    [Theory]
    [InlineData("U8", "[4294967296,4294967296]")]
    [InlineData("F64", "[2305843009213693952]")]
    [InlineData("U8", "[9223372036854775807,3,0]")]
    public void Elements_that_cannot_be_counted(string dtype, string shape) =>
        RefusedHeader($"{{{Tensor("a", dtype, shape, "[0,1]")}}}", 1, "'a'", "more elements");

    [Theory]
    [InlineData("[]")]
    [InlineData("[0]")]
    [InlineData("[0,1,2]")]
    [InlineData("[-1,1]")]
    [InlineData("{}")]
    public void Offsets_that_are_not_a_begin_and_an_end(string offsets) =>
        RefusedHeader($"{{{Tensor("a", "U8", "[1]", offsets)}}}", 1, "'a'", "data_offsets");

    [Fact]
    public void Offsets_reversed() => RefusedHeader($"{{{Tensor("a", "U8", "[1]", "[1,0]")}}}", 1, "'a'", "before it begins");

    [Fact]
    public void Offsets_outside_the_data() => RefusedHeader($"{{{Tensor("a", "U8", "[3]", "[0,3]")}}}", 2, "'a'", "cut short");

    [Fact]
    public void Offsets_at_the_end_of_all_numbers() =>
        RefusedHeader($"{{{Tensor("a", "U8", "[0]", "[9223372036854775807,9223372036854775807]")}}}", 2, "'a'");

    [Fact]
    public void Overlapping_tensors() =>
        RefusedHeader($"{{{Tensor("a", "U8", "[2]", "[0,2]")},{Tensor("b", "U8", "[2]", "[1,3]")}}}", 3, "tensor 'b' begins at byte 1, inside tensor 'a'; tensors must not overlap.");

    [Fact]
    public void Two_tensors_of_the_same_bytes() =>
        RefusedHeader($"{{{Tensor("a", "U8", "[2]", "[0,2]")},{Tensor("b", "U8", "[2]", "[0,2]")}}}", 2, "overlap");

    [Fact]
    public void Gap_between_tensors() =>
        RefusedHeader($"{{{Tensor("a", "U8", "[1]", "[0,1]")},{Tensor("b", "U8", "[1]", "[2,3]")}}}", 3, "1 bytes before tensor 'b' belong to no tensor; the format allows no gaps.");

    [Fact]
    public void Gap_before_the_first_tensor() => RefusedHeader($"{{{Tensor("a", "U8", "[1]", "[1,2]")}}}", 2, "'a'", "gaps");

    [Fact]
    public void Bytes_after_the_last_tensor() => RefusedHeader($"{{{Tensor("a", "U8", "[1]", "[0,1]")}}}", 5, "4 bytes after the last tensor");

    [Fact]
    public void Bytes_without_any_tensor() => RefusedHeader("{}", 5, "5 bytes");

    [Theory]
    [InlineData("F32", "[2]")]
    [InlineData("U8", "[5]")]
    [InlineData("U8", "[0]")]
    public void Shape_that_does_not_fit_its_bytes(string dtype, string shape) =>
        RefusedHeader($"{{{Tensor("a", dtype, shape, "[0,4]")}}}", 4, "'a'", "but 4 bytes of data");

    [Fact]
    public void The_bytes_of_data_are_counted_from_where_they_begin() => RefusedHeader(
        $"{{{Tensor("a", "U8", "[3]", "[0,3]")},{Tensor("b", "F32", "[3]", "[3,7]")}}}", 7, "tensor 'b' has the shape [3] in F32, 12 bytes, but 4 bytes of data");

    [Theory]
    [InlineData("a")]
    [InlineData("\\u0061")]
    public void Name_given_twice(string again) =>
        RefusedHeader($"{{{Tensor("a", "U8", "[1]", "[0,1]")},{Tensor(again, "U8", "[1]", "[0,1]")}}}", 1, "'a'", "twice");

    [Theory]
    [InlineData("""{"__metadata__":[]}""")]
    [InlineData("""{"__metadata__":null}""")]
    [InlineData("""{"__metadata__":{"n":1}}""")]
    [InlineData("""{"__metadata__":{"n":{}}}""")]
    [InlineData("""{"__metadata__":{"n":"1","n":"2"}}""")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""")]
    public void Metadata_that_is_not_text_by_text(string header) => RefusedHeader(header, 0, "__metadata__");

    [Fact]
    public void Deeply_nested_header() => RefusedHeader("{\"a\":{\"x\":" + new string('[', 10_000), 0, "not valid JSON");

    [Fact]
    public void Long_name_with_control_characters_is_shown_short_and_on_one_line()
    {
        var name = "\\n\\u001b[31m" + new string('x', 5000);
        var path = _folder.Write("bad.safetensors", SafetensorsBuilder.Raw(Encoding.UTF8.GetBytes($"{{\"{name}\":1}}"), []));
        var error = Assert.Throws<StarKvException>(() => SafetensorsFile.Open(path));
        Assert.True(error.Message.Length < path.Length + 200);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
