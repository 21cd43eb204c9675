using StarKV.Runtime;
using StarKV.Tests.Weights;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Issues;

/// <summary>Weights as MLX and ComfyUI store them were refused, but with "download it again", or with no way out at all.</summary>
public sealed class OtherProgramsWeightsHadNoWayOut : IDisposable
{
    private const string Weight = "model.layers.0.mlp.up_proj.weight", WayOut = "Use the unquantized model, or FP8 weights";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Refusal(SafetensorsBuilder file, string config = "{}")
    {
        _folder.Write("config.json", config);
        _folder.Write("model.safetensors", file.Build());
        return Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.Path).Dispose()).Message;
    }

    [Fact]
    public void Mlx_quantization_is_told_by_the_configuration()
    {
        var said = Refusal(new SafetensorsBuilder().Add(Weight, "U32", 2, 1), """{"quantization":{"group_size":64,"bits":4},"quantization_config":{"group_size":64,"bits":4}}""");
        Assert.Contains("quantized as MLX stores them", said, StringComparison.Ordinal);
        Assert.Contains(WayOut, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Mlx_quantization_is_told_by_the_packed_numbers()
    {
        _folder.Write("config.json", "{}");
        _folder.Write("model.safetensors", SafetensorsBuilder.Raw($$$"""{"{{{Weight}}}":{"dtype":"U32","shape":[1],"data_offsets":[0,4]}}""", 0, 0, 0, 0));
        var said = Assert.Throws<StarKvException>(() => CheckpointFolder.Open(_folder.Path).Dispose()).Message;
        Assert.Contains("'U32', in which MLX packs quantized weights", said, StringComparison.Ordinal);
        Assert.Contains(WayOut, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Mlx_order_of_the_patch_kernel_is_named()
    {
        const string kernel = "vision_tower.patch_embed.proj.weight";
        _folder.Write("config.json", "{}");
        _folder.Write("model.safetensors", new SafetensorsBuilder().Add(kernel, "F32", 4, 2, 14, 14, 3).Build());
        var said = TorchThread.Run(() =>
        {
            using var folder = CheckpointFolder.Open(_folder.Path);
            using var weights = new CheckpointWeights(folder, new Compute(CPU, ScalarType.Float32));
            return Assert.Throws<StarKvException>(() => weights.Take([4, 3, 2, 14, 14], WeightNames.Canonical(kernel))).Message;
        });
        Assert.Contains($"'{kernel}' has shape [4, 2, 14, 14, 3], but config.json asks for [4, 3, 2, 14, 14]. This is the order of MLX; use the model in Hugging Face form", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scaled_fp8")]
    [InlineData("model.scaled_fp8")]
    [InlineData("model.layers.0.mlp.up_proj.scale_weight")]
    public void ComfyUI_fp8_is_named(string marker)
    {
        var said = Refusal(new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6, 4).Add(marker, marker.EndsWith("fp8", StringComparison.Ordinal) ? "F8_E4M3" : "F32", 2));
        Assert.Contains($"tensor '{marker}' belongs to FP8 weights as ComfyUI stores them", said, StringComparison.Ordinal);
        Assert.Contains(WayOut, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Fp8_without_scales_has_a_way_out() =>
        Assert.EndsWith($"its values cannot be known. {WayOut} with one weight_scale per row or per tensor, or one weight_scale_inv per block.", Refusal(new SafetensorsBuilder().Add(Weight, "F8_E4M3", 6, 4)), StringComparison.Ordinal);
}
