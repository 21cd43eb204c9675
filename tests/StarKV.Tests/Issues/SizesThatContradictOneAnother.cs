using System.Text.Json.Nodes;
using StarKV.Input;
using StarKV.Models;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>Two sizes within bounds had a product beyond them, and companion files were never compared with config.json. Reliability F5.</summary>
public sealed class SizesThatContradictOneAnother : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Refusal(Func<object> read) => Assert.Throws<StarKvException>(read).Message;

    private PreprocessorConfig Preprocessor(string json, string name = "preprocessor_config.json")
    {
        _folder.Write(name, json);
        return PreprocessorConfig.Load(_folder.Path);
    }

    [Fact]
    public void Two_sizes_whose_product_no_picture_can_have_are_refused()
    {
        const string found = """{"image_processor_type":"Qwen2VLImageProcessor","min_pixels":256,"max_pixels":2147483648,"patch_size":127,"merge_size":256,"temporalch_size":2}""";
        Assert.Contains("max_pixels is 2147483648; a whole number from 1 to 268435456 is expected", Refusal(() => Preprocessor(found)), StringComparison.Ordinal);
        Assert.Contains("patch_size 127 × merge_size 256 makes tokens of 32,512×32,512 px", Refusal(() => Preprocessor(found.Replace("2147483648", "268435456", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("one must fit into the 500 of max_pixels", Refusal(() => Preprocessor("""{"min_pixels":100,"max_pixels":500}""")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 28, 1 << 28, 28)]
    [InlineData(1, 1 << 28, 1024)]
    [InlineData(1, 1, 1)]
    public void Within_the_bounds_every_picture_fits_an_array(long least, long most, int factor)
    {
        foreach (var (width, height) in new[] { (1, 1), (200, 1), (1, 200), (16384, 16384), (40000, 200), (131072, 8192), (7, 1400) })
        {
            var (w, h) = new SmartResize(least, most, factor).Fit(width, height);
            Assert.InRange(3L * w * Math.Max(h, height), 1, Array.MaxLength);
        }
    }

    [Theory]
    [InlineData("\"image_mean\":[1e300,0,0]", "image_mean is [1e300,0,0]; a list of 3 numbers from 0 to 1 is expected")]
    [InlineData("\"image_mean\":[-0.1,0,0]", "a list of 3 numbers from 0 to 1")]
    [InlineData("\"image_std\":[1e-300,1,1]", "a list of 3 numbers from 0.001 to 10")]
    [InlineData("\"image_std\":[57.1,57.1,57.1]", "a list of 3 numbers from 0.001 to 10")]
    [InlineData("\"image_std\":[1e999,1,1]", "a list of 3 numbers")]
    [InlineData("\"rescale_factor\":1", "rescale_factor is 1; only 1/255 is supported")]
    [InlineData("\"do_rescale\":false", "do_rescale is false")]
    [InlineData("\"do_normalize\":false", "do_normalize is false")]
    [InlineData("\"temporal_patch_size\":17", "a whole number from 1 to 16")]
    public void Pixels_that_no_model_was_trained_with_are_refused(string field, string reason)
    {
        Assert.Contains(reason, Refusal(() => Preprocessor($"{{{field}}}")), StringComparison.Ordinal);
        File.Delete(_folder.File("preprocessor_config.json"));
        Assert.Contains("processor_config.json: ", Refusal(() => Preprocessor($"{{\"image_processor\":{{{field}}}}}", "processor_config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patch_size", 28, "patch_size is 28, but {0} says 14 (vision_config.patch_size)")]
    [InlineData("merge_size", 1, "merge_size is 1, but {0} says 2 (vision_config.spatial_merge_size)")]
    [InlineData("temporal_patch_size", 1, "temporal_patch_size is 1, but {0} says 2 (vision_config.temporal_patch_size)")]
    public void A_processor_that_contradicts_the_model_is_refused_by_both_files_names(string field, int value, string reason)
    {
        var model = _folder.Write("config.json", TinyShape.Json);
        var expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, reason, model);
        var message = Refusal(() => Preprocessor($"{{\"{field}\":{value}}}"));
        Assert.StartsWith(_folder.File("preprocessor_config.json"), message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(() => Preprocessor($"{{\"image_processor\":{{\"{field}\":{value}}}}}", "processor_config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"min_pixels":3136,"max_pixels":12845056,"patch_size":14,"temporal_patch_size":2,"merge_size":2,"image_mean":[0.48145466,0.4578275,0.40821073],"image_std":[0.26862954,0.26130258,0.27577711]}""")]
    [InlineData("""{"size":{"shortest_edge":3136,"longest_edge":12845056},"patch_size":14,"merge_size":2,"rescale_factor":0.00392156862745098,"do_rescale":true,"do_normalize":true,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5]}""")]
    public void Published_values_are_accepted(string json)
    {
        _folder.Write("config.json", TinyShape.Json);
        Assert.Equal(28, Preprocessor(json).Resize.Factor);
    }

    [Theory]
    [InlineData("eos_token_id", "[1908,1920]", "eos_token_id names 1920")]
    [InlineData("pad_token_id", "1920", "pad_token_id is 1920")]
    public void Tokens_beyond_the_vocabulary_are_refused(string field, string value, string reason)
    {
        var model = _folder.Write("config.json", TinyShape.Json);
        _folder.Write("generation_config.json", $"{{\"{field}\":{value}}}");
        Assert.Contains($"generation_config.json: {reason}, but {model} has a vocabulary of 1,920 tokens", Refusal(() => GenerationConfig.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_model_has_rows_is_refused()
    {
        var tokenizer = QwenTokenizer.LoadFolder(RepositoryFiles.Path("models", "mini"));
        tokenizer.CheckFits(tokenizer.VocabularySize);
        Assert.Contains($"gives ids up to {tokenizer.VocabularySize - 1}, but the config.json", Assert.Throws<StarKvException>(() => tokenizer.CheckFits(tokenizer.VocabularySize - 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vision_config.patch_size", 16, "patch_size 16, spatial_merge_size 2 and in_channels 3 are not supported")]
    [InlineData("vision_config.spatial_merge_size", 4, "spatial_merge_size 4")]
    [InlineData("vision_config.in_channels", 4, "in_channels 4")]
    [InlineData("vision_config.depth", 100_000, "vision_config.depth is 100000; a whole number from 1 to 1024")]
    [InlineData("hidden_size", 134_217_727, "hidden_size is 134217727; a whole number from 1 to 65536")]
    [InlineData("vocab_size", 134_217_727, "vocab_size is 134217727; a whole number from 1 to 10000000")]
    [InlineData("rms_norm_eps", 0, "rms_norm_eps is 0")]
    [InlineData("eos_token_id", 1920, "eos_token_id names 1920")]
    public void Sizes_that_cannot_be_run_are_refused_when_they_are_read(string field, int value, string reason)
    {
        var root = JsonNode.Parse(TinyShape.Json)!;
        var (parent, name) = field.Split('.') is [var outer, var inner] ? (root[outer]!, inner) : (root, field);
        parent[name] = value;
        Assert.Contains(reason, Refusal(() => ModelConfig.Parse(root.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_of_published_models_are_within_the_bounds()
    {
        Assert.All(ModelRegistry.Shapes.Select(s => s.Config), shape =>
        {
            Assert.InRange(shape.Text.HiddenSize, 1, TextConfig.MaxWidth);
            Assert.InRange(shape.Text.IntermediateSize, 1, TextConfig.MaxMlpWidth);
            Assert.InRange(shape.Text.Layers, 1, TextConfig.MaxLayers);
        });
    }
}
