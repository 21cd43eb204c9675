using System.Buffers.Binary;
using System.Text;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class UnusedTensorsTests : IDisposable
{
    private const string Head = "lm_head.weight", Table = "model.language_model.embed_tokens.weight";

    private readonly TempFolder _folder = new();

    public UnusedTensorsTests() => _folder.Write("config.json", "{}");

    public void Dispose() => _folder.Dispose();

    private string? Refusal(SafetensorsBuilder file, params string[] taken)
    {
        _folder.Write("model.safetensors", file.Build());
        return Refusal(taken);
    }

    private string? Refusal(params string[] taken)
    {
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        return Record.Exception(() => UnusedTensors.Check(checkpoint, taken.ToHashSet())) switch
        {
            null => null,
            var error => Assert.IsType<StarKvException>(error).Message,
        };
    }

    private static SafetensorsBuilder Of(params string[] names) => names.Aggregate(new SafetensorsBuilder(), (file, name) => file.Add(name, "F32", 2));

    [Fact]
    public void Nothing_is_said_when_all_is_taken_or_harmless() =>
        Assert.Null(Refusal(Of("a", "b", "x.inv_freq", "x.input_scale", "x.output_scale", "x.q_scale", "x.k_scale", "x.v_scale", "x.kv_scale", "x.prob_scale"), "a", "b"));

    [Fact]
    public void Three_are_named_in_order_and_further_ones_counted()
    {
        const string end = "; give the config.json that belongs to these weights, or remove the tensors if the model is meant to be without them.";
        string Said(int count, int of, string names) => $"{_folder.Path} stores {count} of {of} tensors that the model of its config.json has no use for: {names}{end}";
        Assert.Equal(Said(1, 2, "'b'"), Refusal(Of("b", "a"), "a"));
        Assert.Equal(Said(3, 4, "'b', 'c', 'd'"), Refusal(Of("d", "c", "b", "a"), "a"));
        Assert.Equal(Said(4, 5, "'b', 'c', 'd' and 1 more"), Refusal(Of("e", "d", "c", "b", "a"), "a"));
        Assert.Equal(Said(5, 5, "'a', 'b', 'c' and 2 more"), Refusal(Of("e", "d", "c", "b", "a")));
    }

    [Fact]
    public void One_tensor_of_an_adapter_among_them_is_enough_to_say_so() =>
        Assert.EndsWith($"'a', 'x.lora_A.weight'; {AdapterFiles.AmongWeights}", Refusal(Of("x.lora_A.weight", "a")), StringComparison.Ordinal);

    [Fact]
    public void A_head_that_equals_the_table_is_no_loss_whatever_its_parts()
    {
        Assert.Null(Refusal(Of(Head, Table), Table));
        var (code, scale) = (new byte[] { 0x38, 0x40 }, BitConverter.GetBytes(2f));
        SafetensorsBuilder Scaled(byte[] headScale) => new SafetensorsBuilder()
            .Add(Head, "F8_E4M3", [2, 1], code).Add(Head + "_scale", "F32", [1], headScale).Add(Table, "F8_E4M3", [2, 1], code).Add(Table + "_scale", "F32", [1], scale);
        Assert.Null(Refusal(Scaled(scale), Table, Table + "_scale"));
        Assert.Contains("'lm_head.weight_scale'", Refusal(Scaled(BitConverter.GetBytes(3f)), Table, Table + "_scale"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_of_another_type_or_shape_is_another_though_its_bytes_are_the_same()
    {
        const string said = "'lm_head.weight' differs from the embedding table, but config.json says that the two are one (tie_word_embeddings)";
        Assert.Contains(said, Refusal(new SafetensorsBuilder().Add(Head, "F16", 2, 3).Add(Table, "BF16", 2, 3), Table), StringComparison.Ordinal);
        Assert.Contains(said, Refusal(new SafetensorsBuilder().Add(Head, "F32", 2, 3).Add(Table, "F32", 3, 2), Table), StringComparison.Ordinal);
        // And one without any table.
        Assert.Contains(said, Refusal(Of(Head, "a"), "a"), StringComparison.Ordinal);
        // A part that the table lacks is a tensor as any other.
        Assert.Contains("has no use for: 'lm_head.bias'; give", Refusal(Of("lm_head.bias", Table), Table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData((64 << 20) - 1, false)]
    [InlineData(64 << 20, false)]
    [InlineData((64 << 20) + 7, false)]
    public void Large_heads_are_compared_to_their_end(int different, bool same)
    {
        // Zeros that take no room; compared in pieces of 64 MiB.
        const int bytes = (64 << 20) + 8;
        string Entry(string name, long from) => $$"""
            "{{name}}":{"dtype":"F32","shape":[{{bytes / 4}}],"data_offsets":[{{from}},{{from + bytes}}]}
            """;
        var header = Encoding.UTF8.GetBytes($"{{{Entry(Table, 0)},{Entry(Head, bytes)}}}");
        using (var file = File.Create(_folder.File("model.safetensors")))
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            file.Write(prefix);
            file.Write(header);
            var head = file.Position + bytes;
            file.SetLength(head + bytes);
            if (different >= 0)
            {
                file.Position = head + different;
                file.WriteByte(1);
            }
        }

        Assert.Equal(same, Refusal(Table) is null);
    }
}
