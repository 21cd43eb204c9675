using System.Runtime.InteropServices;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Weights;

public sealed class CheckpointWeightsTests : IDisposable
{
    private const string Name = "model.language_model.layers.0.mlp.up_proj.weight";
    private static readonly Compute s_cpu = new(CPU, ScalarType.Float32);

    private readonly TempFolder _folder = new();

    public CheckpointWeightsTests() => _folder.Write("config.json", "{}");

    public void Dispose() => _folder.Dispose();

    private float[] Take(SafetensorsBuilder file, long[] shape, params string[] names) => Take(file, null, shape, names);

    private float[] Take(SafetensorsBuilder file, IProgress<LoadProgress>? progress, long[] shape, params string[] names)
    {
        _folder.Write("model.safetensors", file.Build());
        return TorchThread.Run(() =>
        {
            using var checkpoint = CheckpointFolder.Open(_folder.Path);
            var before = TorchThread.Live;
            float[] values;
            var weights = new CheckpointWeights(checkpoint, s_cpu, progress);
            using (weights)
            using (var taken = weights.Take(shape, names))
            {
                // The staging buffer goes; the weight stays.
                weights.Dispose();
                Assert.Equal(before + 1, TorchThread.Live);
                Assert.Equal((ScalarType.Float32, string.Join(",", shape)), (taken.dtype, string.Join(",", taken.shape)));
                values = taken.data<float>().ToArray();
            }

            Assert.Equal(before, TorchThread.Live);
            return values;
        });
    }

    private void Refused(SafetensorsBuilder file, long[] shape, string[] names, params string[] said)
    {
        var error = Assert.Throws<StarKvException>(() => Take(file, shape, names));
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static byte[] Bytes<T>(params T[] values) where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();

    [Fact]
    public void Float32_is_read_as_it_is() =>
        Assert.Equal([1, -2.5f, 3e-30f, float.MaxValue], Take(new SafetensorsBuilder().Add(Name, "F32", [2, 2], Bytes(1, -2.5f, 3e-30f, float.MaxValue)), [2, 2], Name));

    [Fact]
    public void Bfloat16_and_float16_become_float32()
    {
        Assert.Equal([1, -2, 0.5f], Take(new SafetensorsBuilder().Add(Name, "BF16", [3], Bytes<ushort>(0x3F80, 0xC000, 0x3F00)), [3], Name));
        Assert.Equal([1, -2, 0.333251953125f], Take(new SafetensorsBuilder().Add(Name, "F16", [3], Bytes((Half)1, (Half)(-2), (Half)(1 / 3f))), [3], Name));
    }

    [Theory]
    [InlineData(new long[] { 3, 1 })]
    [InlineData(new long[] { 3 })]
    public void Float8_is_multiplied_by_its_row_s_scale(long[] scale) =>
        Assert.Equal([2, 4, -4.5f, 1344, 0.0009765625f, 0.25f], Take(Fp8(scale, 2, 3, 0.5f), [3, 2], Name));

    [Theory]
    [InlineData(new long[] { 1, 1 })]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { })]
    public void Float8_is_multiplied_by_its_tensor_s_scale(long[] scale) =>
        Assert.Equal([0.5f, 1, -0.75f, 224, 0.0009765625f, 0.25f], Take(Fp8(scale, 0.5f), [3, 2], Name));

    private void Blocks(int rows, int columns) =>
        _folder.Write("config.json", $$$"""{"quantization_config":{"quant_method":"fp8","weight_block_size":[{{{rows}}},{{{columns}}}]}}""");

    [Theory]
    [InlineData(2, 1, new float[] { 2, 6, -3, 1344, 0.0009765625f, 2 })]
    [InlineData(1, 2, new float[] { 2, 4, -4.5f, 1344, 0.0009765625f, 0.25f })]
    public void Float8_is_multiplied_by_its_block_s_scale(int rows, int columns, float[] expected)
    {
        Blocks(rows, columns);
        // Of two rows and one column each: (2, 3), (0.5, 4). Of one row and two columns: 2, 3, 0.5.
        var file = new SafetensorsBuilder().Add(Name, "F8_E4M3", [3, 2], [0x38, 0x40, 0xBC, 0x7E, 0x01, 0x30]);
        var told = new List<LoadProgress>();
        Assert.Equal(expected, Take(
            columns == 1
                ? file.Add(Name + "_scale_inv", "F32", [2, 2], Bytes(2f, 3, 0.5f, 4))
                : file.Add(Name + "_scale_inv", "BF16", [3, 1], Bytes<ushort>(0x4000, 0x4040, 0x3F00)),
            new Teller(told), [3, 2], Name));
        Assert.Equal(columns == 1 ? 22 : 12, Assert.Single(told).BytesRead);
    }

    [Fact]
    public void Blocks_stay_with_their_rows_and_columns_across_chunks()
    {
        // 45 MiB stored, one row in each chunk; the last block of a row, and the last of a column, is smaller than the others.
        const int rows = 9, columns = 5 << 20, blockRows = 2, blockColumns = 900_000, across = 6;
        Blocks(blockRows, blockColumns);
        var file = new SafetensorsBuilder()
            .Add(Name, "F8_E4M3", [rows, columns], [.. Enumerable.Repeat((byte)0x38, rows * columns)])
            .Add(Name + "_scale_inv", "F32", [5, across], Bytes([.. Enumerable.Range(1, 5 * across).Select(i => (float)i)]));
        var read = Take(file, [rows, columns], Name);
        for (var row = 0; row < rows; row++)
        {
            for (var block = 0; block < across; block++)
            {
                var part = read.AsSpan(row * columns, columns)[(block * blockColumns)..Math.Min(columns, (block + 1) * blockColumns)];
                Assert.False(part.ContainsAnyExcept(1f + row / blockRows * across + block));
            }
        }
    }

    /// <summary>The rows (1, 2), (−1.5, 448) and (2^-9, 0.5).</summary>
    private static SafetensorsBuilder Fp8(long[] shape, params float[] scale) => new SafetensorsBuilder()
        .Add(Name, "F8_E4M3", [3, 2], [0x38, 0x40, 0xBC, 0x7E, 0x01, 0x30]).Add(Name + "_scale", "F32", shape, Bytes(scale));

    [Fact]
    public void A_scale_in_bfloat16_is_read() => Assert.Equal([2, 4], Take(
        new SafetensorsBuilder().Add(Name, "F8_E4M3", [2, 1], [0x38, 0x40]).Add(Name + "_scale", "BF16", [1], Bytes<ushort>(0x4000)), [2, 1], Name));

    [Fact]
    public void A_float8_weight_of_any_number_of_dimensions_is_scaled_by_row()
    {
        var file = new SafetensorsBuilder()
            .Add("model.visual.patch_embed.proj.weight", "F8_E4M3", [2, 1, 2, 1], [0x38, 0x40, 0x38, 0x40]).Add("model.visual.patch_embed.proj.weight_scale", "F32", [2, 1], Bytes(1f, 3f))
            .Add("model.visual.merger.ln_q.weight", "F8_E4M3", [2], [0x38, 0x40]).Add("model.visual.merger.ln_q.weight_scale", "F32", [2], Bytes(1f, 3f));
        Assert.Equal([1, 2, 3, 6], Take(file, [2, 1, 2, 1], "model.visual.patch_embed.proj.weight"));
        Assert.Equal([1, 6], Take(file, [2], "model.visual.merger.ln_q.weight"));
    }

    [Fact]
    public void A_tensor_beyond_the_staging_buffer_arrives_whole()
    {
        const int rows = 10, columns = 1 << 20;
        Assert.True((long)rows * columns * sizeof(float) > CheckpointWeights.StagingBytes);
        var numbers = Enumerable.Range(0, rows * columns).Select(i => (float)i).ToArray();
        var read = Take(new SafetensorsBuilder().Add(Name, "F32", [rows, columns], Bytes(numbers)), [rows, columns], Name);
        Assert.True(numbers.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public void Scales_stay_with_their_rows_across_chunks()
    {
        const int rows = 9, columns = 5 << 20; // 45 MiB stored: six rows in the first chunk, three in the second
        var file = new SafetensorsBuilder()
            .Add(Name, "F8_E4M3", [rows, columns], [.. Enumerable.Repeat((byte)0x38, rows * columns)])
            .Add(Name + "_scale", "F32", [rows, 1], Bytes([.. Enumerable.Range(1, rows).Select(i => (float)i)]));
        var read = Take(file, [rows, columns], Name);
        for (var row = 0; row < rows; row++)
            Assert.False(read.AsSpan(row * columns, columns).ContainsAnyExcept(row + 1f));
    }

    [Fact]
    public void Several_names_are_stacked_in_their_order()
    {
        var file = new SafetensorsBuilder().Add("b", "F32", [2, 2], Bytes(5f, 6, 7, 8)).Add("a", "BF16", [1, 2], Bytes<ushort>(0x3F80, 0xC000));
        Assert.Equal([1, -2, 5, 6, 7, 8], Take(file, [3, 2], "a", "b"));
        Assert.Equal([5, 6, 7, 8, 1, -2], Take(file, [3, 2], "b", "a"));
    }

    [Theory]
    [InlineData(new long[] { 4, 3 })]
    [InlineData(new long[] { 3, 4 })]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 2, 3, 1 })]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 0, 3 })]
    public void Another_shape_names_file_tensor_and_both_shapes(long[] stored) => Refused(
        new SafetensorsBuilder().Add(Name, "F32", stored), [2, 3], [Name], _folder.File("model.safetensors"), $"'{Name}'", $"[{string.Join(", ", stored)}]", "[2, 3]");

    [Fact]
    public void Stacked_tensors_that_do_not_add_up_are_refused() => Refused(
        new SafetensorsBuilder().Add("a", "F32", 2, 3).Add("b", "F32", 2, 3), [5, 3], ["a", "b"], "'a'", "2 tensors together");

    [Fact]
    public void An_empty_part_of_a_stack_is_refused() =>
        Refused(new SafetensorsBuilder().Add("a", "F32", 0, 3).Add("b", "F32", 2, 3), [2, 3], ["a", "b"], "'a'", "[0, 3]");

    [Fact]
    public void A_missing_tensor_is_named() => Refused(new SafetensorsBuilder().Add(Name, "F32", 2), [2], ["lm_head.weight"], _folder.Path, "'lm_head.weight'");

    [Fact]
    public void Progress_reaches_the_total()
    {
        var told = new List<LoadProgress>();
        Take(new SafetensorsBuilder().Add("a", "F32", 2, 3).Add("b", "BF16", 4, 3), new Teller(told), [6, 3], "a", "b");
        Assert.Equal(["a", "b"], told.Select(p => p.Tensor));
        Assert.Equal([24, 48], told.Select(p => p.BytesRead));
        Assert.All(told, p => Assert.Equal(48, p.TotalBytes));
    }

    [Fact]
    public void Scales_count_among_the_bytes_read()
    {
        var told = new List<LoadProgress>();
        Take(Fp8([3, 1], 2, 3, 0.5f), new Teller(told), [3, 2], Name);
        // Six bytes of weights and three scales of four.
        Assert.Equal([new LoadProgress(Name, 18, 18)], told);
    }

    [Fact]
    public void Another_shape_of_five_dimensions_is_not_taken_for_the_order_of_MLX()
    {
        const string wayOut = "The checkpoint and its configuration do not belong together.";
        Refused(new SafetensorsBuilder().Add(Name, "F32", 4, 2, 2, 2, 5), [4, 3, 2, 2, 2], [Name], "[4, 2, 2, 2, 5]", wayOut);
        // Channels last in a kernel of four dimensions.
        Refused(new SafetensorsBuilder().Add(Name, "F32", 4, 2, 2, 3), [4, 3, 2, 2], [Name], "[4, 2, 2, 3]", wayOut);
    }

    [Fact]
    public void A_shape_is_said_to_be_of_several_tensors_only_where_it_is()
    {
        var error = Assert.Throws<StarKvException>(() => Take(new SafetensorsBuilder().Add(Name, "F32", 3), [2], Name));
        Assert.EndsWith("has shape [3], but config.json asks for [2]. The checkpoint and its configuration do not belong together.", error.Message, StringComparison.Ordinal);
        Refused(new SafetensorsBuilder().Add("a", "F32", 2).Add("b", "F32", 2), [5], ["a", "b"], "config.json asks for [5] for 2 tensors together. The checkpoint");
    }

    [Fact]
    public void A_folder_and_a_device_are_needed()
    {
        Assert.Equal("folder", Assert.Throws<ArgumentNullException>(() => new CheckpointWeights(null!, s_cpu)).ParamName);
        _folder.Write("model.safetensors", new SafetensorsBuilder().Add(Name, "F32", 2).Build());
        using var checkpoint = CheckpointFolder.Open(_folder.Path);
        Assert.Equal("compute", Assert.Throws<ArgumentNullException>(() => new CheckpointWeights(checkpoint, null!)).ParamName);
    }

    [Fact]
    public void A_cancelled_load_takes_nothing_and_leaves_nothing()
    {
        _folder.Write("model.safetensors", new SafetensorsBuilder().Add(Name, "F32", 2).Build());
        TorchThread.Run(() =>
        {
            using var checkpoint = CheckpointFolder.Open(_folder.Path);
            var (before, told) = (TorchThread.Live, new List<LoadProgress>());
            using var weights = new CheckpointWeights(checkpoint, s_cpu, new Teller(told), new CancellationToken(true));
            Assert.Throws<OperationCanceledException>(() => weights.Take([2], Name));
            Assert.Empty(told);
            Assert.Equal(before, TorchThread.Live);
        });
    }

    [Fact]
    public void A_load_that_is_cancelled_between_two_tensors_of_a_stack_stops_there()
    {
        _folder.Write("model.safetensors", new SafetensorsBuilder().Add("a", "F32", 2).Add("b", "F32", 2).Build());
        TorchThread.Run(() =>
        {
            using var checkpoint = CheckpointFolder.Open(_folder.Path);
            using var stop = new CancellationTokenSource();
            var (before, told) = (TorchThread.Live, new List<LoadProgress>());
            using (var weights = new CheckpointWeights(checkpoint, s_cpu, new Teller(told, stop), stop.Token))
                Assert.Throws<OperationCanceledException>(() => weights.Take([4], "a", "b"));
            Assert.Equal("a", Assert.Single(told).Tensor);
            Assert.Equal(before, TorchThread.Live);
        });
    }

    private sealed class Teller(List<LoadProgress> told, CancellationTokenSource? stop = null) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            told.Add(value);
            stop?.Cancel();
        }
    }
}
