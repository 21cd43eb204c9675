using StarKV.Weights;

namespace StarKV.Tests.Weights;

public sealed class QuantizedWeightTests : IDisposable
{
    private const string Weight = "model.layers.0.mlp.up_proj.weight";
    private const string Canonical = "model.language_model.layers.0.mlp.up_proj.weight";

    private readonly TempFolder _folder = new();

    public QuantizedWeightTests() => _folder.Write("config.json", "{}");

    public void Dispose() => _folder.Dispose();

    private CheckpointFolder Open(SafetensorsBuilder file)
    {
        _folder.Write("model.safetensors", file.Build());
        return CheckpointFolder.Open(_folder.Path);
    }

    private static SafetensorsBuilder WithScale(string dtype, params long[] shape) =>
        new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6, 4).Add(Weight + "_scale", dtype, shape);

    private void Refused(SafetensorsBuilder file, params string[] said)
    {
        var error = Assert.Throws<StarKvException>(() => Open(file).Dispose());
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("F32", new long[] { 6, 1 })]
    [InlineData("BF16", new long[] { 6, 1 })]
    [InlineData("F32", new long[] { 6 })]
    [InlineData("F32", new long[] { 1 })]
    [InlineData("F32", new long[] { 1, 1 })]
    [InlineData("BF16", new long[] { })]
    public void Scale_per_row_or_per_tensor_is_found(string dtype, long[] shape)
    {
        using var checkpoint = Open(WithScale(dtype, shape));
        Assert.True(checkpoint.TryGetScale(Canonical, out var scale));
        Assert.Equal(shape, scale.Shape);
    }

    [Fact]
    public void Plain_weight_has_no_scale()
    {
        using var checkpoint = Open(new SafetensorsBuilder().Add(Weight, "BF16", 6, 4));
        Assert.False(checkpoint.TryGetScale(Canonical, out var scale));
        Assert.Null(scale);
        Assert.Throws<StarKvException>(() => checkpoint.TryGetScale("none", out _));
    }

    [Theory]
    [InlineData(new long[] { 4, 1 })]
    [InlineData(new long[] { 6, 4 })]
    [InlineData(new long[] { 1, 6 })]
    [InlineData(new long[] { 3, 2 })]
    [InlineData(new long[] { 6, 1, 1 })]
    [InlineData(new long[] { 1, 1, 1 })]
    [InlineData(new long[] { 0 })]
    public void Scale_of_another_shape(long[] shape) => Refused(WithScale("F32", shape), $"'{Weight}_scale'", "[6, 1]");

    [Fact]
    public void Scale_of_another_type() => Refused(WithScale("I32", 6, 1), $"'{Weight}_scale'", "I32");

    [Fact]
    public void Weight_without_its_scale() =>
        Refused(new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6, 4), $"'{Weight}'", $"'{Weight}_scale'");

    private void Config(string quantization) => _folder.Write("config.json", $$"""{"quantization_config":{{quantization}}}""");

    private static SafetensorsBuilder WithBlocks(string dtype, params long[] shape) =>
        new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6, 4).Add(Weight + "_scale_inv", dtype, shape);

    [Theory]
    [InlineData("F32", "[2,2]", new long[] { 3, 2 })]
    [InlineData("BF16", "[4,3]", new long[] { 2, 2 })]
    [InlineData("F32", "[128,128]", new long[] { 1, 1 })]
    public void A_scale_per_block_is_found(string dtype, string block, long[] shape)
    {
        Config($$"""{"quant_method":"fp8","fmt":"e4m3","weight_block_size":{{block}}}""");
        using var checkpoint = Open(WithBlocks(dtype, shape));
        Assert.True(checkpoint.TryGetScale(Canonical, out var scale));
        Assert.Equal((Weight + "_scale_inv", string.Join(",", shape)), (scale.Name, string.Join(",", scale.Shape)));
        Assert.Equal(block, $"[{checkpoint.Quantization!.Block!.Value.Rows},{checkpoint.Quantization.Block.Value.Columns}]");
    }

    [Theory]
    [InlineData(new long[] { 3, 1 })]
    [InlineData(new long[] { 2, 3 })]
    [InlineData(new long[] { 6 })]
    [InlineData(new long[] { 3, 2, 1 })]
    [InlineData(new long[] { })]
    public void Scales_of_blocks_of_another_shape(long[] shape)
    {
        Config("""{"quant_method":"fp8","weight_block_size":[2,2]}""");
        Refused(WithBlocks("F32", shape), $"'{Weight}_scale_inv'", "2×2", "[6, 4]", "[3, 2]");
    }

    [Fact]
    public void Only_matrices_are_scaled_by_blocks()
    {
        Config("""{"quant_method":"fp8","weight_block_size":[2,2]}""");
        Refused(new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6).Add(Weight + "_scale_inv", "F32", 3), $"'{Weight}'", "1 dimensions");
        Refused(WithScale("F32", 6, 1), $"'{Weight}'", $"without its scale '{Weight}_scale_inv'");
        Refused(WithBlocks("F16", 3, 2), $"'{Weight}_scale_inv'", "F16");
    }

    [Fact]
    public void Blocks_of_unknown_size() => Refused(WithBlocks("F32", 1, 1), $"'{Weight}_scale_inv'", "weight_block_size");

    [Theory]
    [InlineData("[128]")]
    [InlineData("[128,128,1]")]
    [InlineData("[0,128]")]
    [InlineData("[128,4294967296]")]
    [InlineData("[]")]
    [InlineData("128")]
    [InlineData("\"128\"")]
    public void Blocks_that_are_no_size(string block)
    {
        Config($$"""{"quant_method":"fp8","weight_block_size":{{block}}}""");
        Refused(WithBlocks("F32", 1, 1), "config.json", "weight_block_size");
    }

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 1 })]
    public void A_scalar_has_one_scale(long[] scale)
    {
        using var checkpoint = Open(new SafetensorsBuilder().Add(Weight, "F8_E4M3").Add(Weight + "_scale", "F32", scale));
        Assert.True(checkpoint.TryGetScale(Canonical, out _));
    }

    [Fact]
    public void Whole_numbers_that_are_no_weight_are_let_pass()
    {
        using var checkpoint = Open(new SafetensorsBuilder().Add("model.position_ids", "I64", 3));
        Assert.Single(checkpoint.Tensors);
    }

    [Fact]
    public void Integer_weight() => Refused(
        new SafetensorsBuilder().Add(Weight, "I8", 6, 4).Add(Weight + "_scale", "F32", 6, 1), $"'{Weight}'", "I8");

    [Theory]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized"}""", "compressed-tensors", "float-quantized")]
    [InlineData(
        """{"quant_method":"compressed-tensors","format":"float-quantized","sparsity_config":{"format":"dense"},"config_groups":{"g":{"weights":{"num_bits":8,"type":"float","strategy":"tensor"}}}}""",
        "compressed-tensors", "float-quantized")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"g":{"weights":{"strategy":"channel"}}}}""", "compressed-tensors", "float-quantized")]
    [InlineData("""{"quant_method":"fp8","activation_scheme":"dynamic"}""", "fp8", null)]
    [InlineData("""{"quant_method":"fp8","weight_block_size":null}""", "fp8", null)]
    public void Understood_methods(string block, string method, string? format)
    {
        Config(block);
        using var checkpoint = Open(WithScale("F32", 6, 1));
        Assert.Equal(new QuantizationConfig(method, format), checkpoint.Quantization);
    }

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4}""", "'gptq'")]
    [InlineData("""{"quant_method":"awq"}""", "'awq'")]
    [InlineData("""{"quant_method":"bitsandbytes","load_in_4bit":true}""", "'bitsandbytes'")]
    [InlineData("{}", "no quant_method")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"pack-quantized"}""", "'pack-quantized'")]
    [InlineData("""{"quant_method":"compressed-tensors"}""", "'none'")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized","sparsity_config":{"format":"sparse-24-bitmask"}}""", "'sparse-24-bitmask'")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"g":{"weights":{"num_bits":8,"type":"int"}}}}""", "8-bit int")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"g":{"weights":{"strategy":"block"}}}}""", "'block'")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"g":{"weights":{"num_bits":4}}}}""", "4-bit float")]
    public void Methods_that_are_not_understood(string block, string said)
    {
        Config(block);
        Refused(WithScale("F32", 6, 1), "config.json", said, "Use the unquantized model");
    }
}
