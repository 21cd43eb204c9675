using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Weights;

namespace StarKV.Tests.Weights;

/// <summary>The checkpoints that lie in the repository.</summary>
public sealed class RealCheckpointTests
{
    private static string Mini => RepositoryFiles.Path("models", "mini");

    private static string Golden => RepositoryFiles.Path("tests", "vectors", "golden", "model");

    [Fact]
    public void Shipped_model_opens()
    {
        using var checkpoint = CheckpointFolder.Open(Mini);
        Assert.Equal(298, checkpoint.Tensors.Count);
        Assert.Equal(new QuantizationConfig("compressed-tensors", "float-quantized"), checkpoint.Quantization);
        Assert.Equal([1920, 384], checkpoint.Get("model.language_model.embed_tokens.weight").Shape);
        Assert.Equal([256, 3, 2, 14, 14], checkpoint.Get("model.visual.patch_embed.proj.weight").Shape);
        Assert.Null(checkpoint.Find("lm_head.weight"));

        var weights = checkpoint.Tensors.Values.Count(tensor => tensor.DType == DType.F8E4M3);
        var scales = checkpoint.Tensors.Keys.Count(name => checkpoint.TryGetScale(name, out _));
        Assert.True(weights > 0);
        Assert.Equal(weights, scales);
        Assert.True(checkpoint.TryGetScale("model.language_model.layers.0.mlp.down_proj.weight", out var scale));
        Assert.Equal([384, 1], scale.Shape);
        Assert.Equal(DType.F32, scale.DType);
    }

    [Fact]
    public void Shipped_model_is_configured()
    {
        var config = (Qwen25VlConfig)ModelConfig.Load(Mini);
        Assert.Equal((384, 8, 6, 2, 64, 1920), (config.Text.HiddenSize, config.Text.Layers, config.Text.Heads, config.Text.KvHeads, config.Text.HeadDim, config.Text.VocabSize));
        Assert.Equal([8, 12, 12], config.Text.MropeSection);
        Assert.True(config.Text.TieWordEmbeddings);
        Assert.Equal([1, 4, 7], config.Vision.FullAttentionBlocks);
        Assert.Equal((8, 256, 4, 384), (config.Vision.Depth, config.Vision.HiddenSize, config.Vision.Heads, config.Vision.OutHiddenSize));
        Assert.Equal((1912, 1913, 1909, 1910), (config.ImageTokenId, config.VideoTokenId, config.VisionStartTokenId, config.VisionEndTokenId));
        Assert.Equal([1908, 1906], config.EosTokenIds);

        var generation = GenerationConfig.Load(Mini);
        Assert.Equal((1906, false, 64, 1.0), (generation.PadTokenId, generation.DoSample, generation.MaxNewTokens, generation.RepetitionPenalty));
        Assert.Equal(28, PreprocessorConfig.Load(Mini).Resize.Factor);
    }

    [Fact]
    public void Golden_model_opens()
    {
        using var checkpoint = CheckpointFolder.Open(Golden);
        Assert.Equal(93, checkpoint.Tensors.Count);
        Assert.Null(checkpoint.Quantization);
        Assert.Equal([512, 64], checkpoint.Get("lm_head.weight").Shape);
        Assert.Equal([32], checkpoint.Get("model.visual.merger.ln_q.weight").Shape);
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.Equal(DType.F32, tensor.DType));
    }

    [Fact]
    public void Every_golden_vector_file_opens()
    {
        var files = Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "golden"), "*.safetensors", SearchOption.AllDirectories);
        Assert.True(files.Length > 20);
        foreach (var path in files)
        {
            using var file = SafetensorsFile.Open(path);
            Assert.NotEmpty(file.Tensors);
        }
    }
}
