using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A tensor whose bytes are all the same.</summary>
    private static StoredTensor Of(string name, byte value, int bytes) => new(name, DType.U8, [bytes], [.. Enumerable.Repeat(value, bytes)]);

    private string[] Written() => [.. Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_file_is_read_back_as_it_was_given()
    {
        var path = _folder.File("x.safetensors");
        SafetensorsWriter.Write(path, [
            new("b", DType.F32, [1, 2], [1, 2, 3, 4, 5, 6, 7, 8]), new("scalar", DType.BF16, [], [9, 10]), new("empty", DType.I64, [0, 5], []),
            new("a", DType.F8E4M3, [3], [11, 12, 13]), new("c", DType.F8E5M2, [1], [14]), new("d", DType.BOOL, [1], [1])]);

        using var file = SafetensorsFile.Open(path);
        // Other libraries refuse a file that does not say whose numbers it holds.
        Assert.Equal([KeyValuePair.Create("format", "pt")], file.Metadata);
        Assert.Equal(
            ["a F8E4M3 [3]: 11 12 13", "b F32 [1, 2]: 1 2 3 4 5 6 7 8", "c F8E5M2 [1]: 14", "d BOOL [1]: 1", "empty I64 [0, 5]: ", "scalar BF16 []: 9 10"],
            file.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => $"{t}: {string.Join(' ', t.Bytes(0, (int)t.ByteLength).ToArray())}"));
        // The tensors lie in the order in which they were given.
        Assert.Equal(["b", "scalar", "a", "c", "d"], file.Tensors.Values.Where(t => t.ByteLength > 0).OrderBy(t => t.Offset).Select(t => t.Name));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("abcde")]
    [InlineData("abcdef")]
    [InlineData("abcdefg")]
    [InlineData("abcdefgh")]
    public void The_header_is_padded_with_less_than_eight_spaces_to_a_multiple_of_eight(string name)
    {
        SafetensorsWriter.Write(_folder.File("x.safetensors"), [Of(name, 7, 3)]);
        var bytes = File.ReadAllBytes(_folder.File("x.safetensors"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal((0, 8 + length + 3), (length % 8, bytes.Length));
        var header = Encoding.UTF8.GetString(bytes, 8, length);
        var json = $$$"""{"__metadata__":{"format":"pt"},"{{{name}}}":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""";
        Assert.Equal(json, header.TrimEnd(' '));
        Assert.Equal((json.Length + 7) / 8 * 8, length);
    }

    [Fact]
    public void What_is_there_is_not_written_over()
    {
        _folder.Write("x.safetensors", "mine");
        Assert.Throws<IOException>(() => SafetensorsWriter.Write(_folder.File("x.safetensors"), [Of("a", 1, 2)]));
        Assert.Equal("mine", File.ReadAllText(_folder.File("x.safetensors")));
    }

    [Fact]
    public void A_model_that_fits_one_file_is_one_without_an_index()
    {
        // 4 + 6 bytes: not one more than a file may have.
        SafetensorsWriter.WriteModel(_folder.Path, [Of("a", 1, 4), Of("b", 2, 6)], 10);
        Assert.Equal(["model.safetensors"], Written());
        using var file = SafetensorsFile.Open(_folder.File("model.safetensors"));
        Assert.Equal(["a", "b"], file.Tensors.Keys.Order());
    }

    [Fact]
    public void A_larger_model_is_cut_into_shards_that_its_index_names()
    {
        // At most 10 bytes a file: 4 + 6, then 11 alone, then 5 + 5, then 1.
        SafetensorsWriter.WriteModel(_folder.Path, [Of("f", 1, 4), Of("e", 2, 6), Of("d", 3, 11), Of("c", 4, 5), Of("b", 5, 5), Of("a", 6, 1)], 10);
        string[] shards = [.. Enumerable.Range(1, 4).Select(i => $"model-0000{i}-of-00004.safetensors")];
        Assert.Equal([.. shards, "model.safetensors.index.json"], Written());

        using var index = JsonDocument.Parse(File.ReadAllBytes(_folder.File("model.safetensors.index.json")));
        Assert.Equal(32, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(
            [("a", shards[3]), ("b", shards[2]), ("c", shards[2]), ("d", shards[1]), ("e", shards[0]), ("f", shards[0])],
            index.RootElement.GetProperty("weight_map").EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)));

        _folder.Write("config.json", "{}");
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        Assert.Equal(4, checkpoint.Files.Count);
        Assert.Equal([6, 5, 4, 3, 2, 1], "abcdef".Select(name => (int)checkpoint.Get(name.ToString()).Bytes(0, 1)[0]));
        Assert.Equal(32, checkpoint.Tensors.Values.Sum(t => t.ByteLength));
    }

    [Fact]
    public void A_first_tensor_larger_than_a_file_leaves_no_empty_shard_before_it()
    {
        SafetensorsWriter.WriteModel(_folder.Path, [Of("a", 1, 11)], 10);
        Assert.Equal(["model.safetensors"], Written());
    }
}
