using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class Qwen25VlConfigTests
{
    private static string Text(string file) => File.ReadAllText(RepositoryFiles.Path("tests", "vectors", "golden", "model", file));

    private static JsonObject Flat() => JsonNode.Parse(Text("config_hub_style.json"))!.AsObject();

    private static void Refused(JsonObject config, params string[] said)
    {
        var error = Assert.Throws<StarKvException>(() => ModelConfig.Parse(config.ToJsonString()));
        Assert.All(["config.json", .. said], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static void RefusedText(string field, JsonNode? value, params string[] said)
    {
        var config = Flat();
        config[field] = value;
        Refused(config, said);
    }

    private static void RefusedVision(string field, JsonNode? value, params string[] said)
    {
        var config = Flat();
        config["vision_config"]![field] = value;
        Refused(config, said);
    }

    [Fact]
    public void Both_published_forms_say_the_same()
    {
        var (nested, flat) = ((Qwen25VlConfig)ModelConfig.Parse(Text("config.json")), (Qwen25VlConfig)ModelConfig.Parse(Text("config_hub_style.json")));
        Assert.Equal(JsonSerializer.Serialize(nested), JsonSerializer.Serialize(flat));
        Assert.Equal((64, 128, 3, 4, 2, 16, 512), (flat.Text.HiddenSize, flat.Text.IntermediateSize, flat.Text.Layers, flat.Text.Heads, flat.Text.KvHeads, flat.Text.HeadDim, flat.Text.VocabSize));
        Assert.Equal((1e-6, 1e6, 4096, false), (flat.Text.RmsNormEps, flat.Text.RopeTheta, flat.Text.MaxPositions, flat.Text.TieWordEmbeddings));
        Assert.Equal([2, 3, 3], flat.Text.MropeSection);
        Assert.Equal((4, 32, 2, 64, 3, 112), (flat.Vision.Depth, flat.Vision.HiddenSize, flat.Vision.Heads, flat.Vision.IntermediateSize, flat.Vision.InChannels, flat.Vision.WindowSize));
        Assert.Equal([1, 3], flat.Vision.FullAttentionBlocks);
        Assert.Equal((508, 509, 510, 511), (flat.ImageTokenId, flat.VideoTokenId, flat.VisionStartTokenId, flat.VisionEndTokenId));
        Assert.Empty(flat.EosTokenIds);
    }

    [Fact]
    public void Missing_fields_have_the_library_defaults()
    {
        var config = (Qwen25VlConfig)ModelConfig.Parse(
            """
            {"model_type":"qwen2_5_vl","hidden_size":3584,"intermediate_size":18944,"num_hidden_layers":28,"num_attention_heads":28,
             "num_key_value_heads":4,"vocab_size":152064,"eos_token_id":151645,"vision_config":{}}
            """);
        Assert.Equal((1e-6, 1e6, false, 128), (config.Text.RmsNormEps, config.Text.RopeTheta, config.Text.TieWordEmbeddings, config.Text.HeadDim));
        Assert.Equal([16, 24, 24], config.Text.MropeSection);
        Assert.Equal((32, 1280, 16, 3420, 80), (config.Vision.Depth, config.Vision.HiddenSize, config.Vision.Heads, config.Vision.IntermediateSize, config.Vision.HeadDim));
        Assert.Equal((3, 14, 2, 2, 112, 3584), (config.Vision.InChannels, config.Vision.PatchSize, config.Vision.TemporalPatchSize, config.Vision.SpatialMergeSize, config.Vision.WindowSize, config.Vision.OutHiddenSize));
        Assert.Equal([7, 15, 23, 31], config.Vision.FullAttentionBlocks);
        Assert.Equal((151655, 151656, 151652, 151653), (config.ImageTokenId, config.VideoTokenId, config.VisionStartTokenId, config.VisionEndTokenId));
        Assert.Equal([151645], config.EosTokenIds);
    }

    [Fact]
    public void Tied_embeddings_are_read_at_either_level()
    {
        var nested = JsonNode.Parse(Text("config.json"))!.AsObject();
        nested["text_config"]!["tie_word_embeddings"] = true;
        nested.Remove("tie_word_embeddings");
        Assert.True(ModelConfig.Parse(nested.ToJsonString()).Text.TieWordEmbeddings);
        nested["text_config"]!.AsObject().Remove("tie_word_embeddings");
        nested["tie_word_embeddings"] = true;
        Assert.True(ModelConfig.Parse(nested.ToJsonString()).Text.TieWordEmbeddings);
    }

    [Fact]
    public void Another_model_type() => RefusedText("model_type", "llava", "'llava'", "qwen2_5_vl");

    [Fact]
    public void Missing_model_type() => RefusedText("model_type", null, "'missing'");

    [Fact]
    public void Missing_vision_part() => RefusedText("vision_config", null, "vision_config");

    [Theory]
    [InlineData("hidden_size")]
    [InlineData("intermediate_size")]
    [InlineData("num_hidden_layers")]
    [InlineData("num_attention_heads")]
    [InlineData("num_key_value_heads")]
    [InlineData("vocab_size")]
    public void Missing_size(string field) => RefusedText(field, null, field);

    [Theory]
    [InlineData("hidden_size", "0")]
    [InlineData("num_hidden_layers", "-1")]
    [InlineData("vocab_size", "1e99")]
    [InlineData("num_attention_heads", "\"4\"")]
    [InlineData("intermediate_size", "1.5")]
    [InlineData("max_position_embeddings", "[]")]
    [InlineData("rms_norm_eps", "-1")]
    [InlineData("rope_theta", "1e999")]
    [InlineData("tie_word_embeddings", "1")]
    [InlineData("rope_scaling", "[]")]
    [InlineData("image_token_id", "-1")]
    public void Value_that_makes_no_sense(string field, string json) => RefusedText(field, JsonNode.Parse(json), field);

    [Fact]
    public void Heads_not_divisible_by_kv_heads() => RefusedText("num_key_value_heads", 3, "num_attention_heads 4", "num_key_value_heads 3");

    [Fact]
    public void Hidden_size_not_divisible_by_heads() => RefusedText("hidden_size", 66, "hidden_size 66");

    [Theory]
    [InlineData("[2,3,4]")]
    [InlineData("[4,4]")]
    [InlineData("[]")]
    public void Rotary_sections_that_do_not_fit_the_head(string sections) =>
        RefusedText("rope_scaling", JsonNode.Parse($$"""{"type":"mrope","mrope_section":{{sections}}}"""), "mrope_section", "sum 8");

    [Fact]
    public void Rotary_extension() =>
        RefusedText("rope_scaling", JsonNode.Parse("""{"type":"yarn","mrope_section":[2,3,3]}"""), "'yarn'");

    [Fact]
    public void Sliding_window() => RefusedText("use_sliding_window", true, "use_sliding_window", "full attention");

    [Fact]
    public void Another_activation() => RefusedText("hidden_act", "gelu", "'gelu'");

    [Fact]
    public void Special_token_outside_the_vocabulary() => RefusedText("image_token_id", 512, "image_token_id is 512", "511");

    [Fact]
    public void Vision_hidden_size_not_divisible_by_heads() => RefusedVision("num_heads", 3, "num_heads 3");

    [Fact]
    public void Window_that_splits_a_merged_token() => RefusedVision("window_size", 100, "window_size 100");

    [Fact]
    public void Full_attention_block_that_does_not_exist() =>
        RefusedVision("fullatt_block_indexes", new JsonArray(1, 4), "block 4", "depth is 4");

    [Fact]
    public void Vision_output_of_another_width() => RefusedVision("out_hidden_size", 32, "out_hidden_size 32", "hidden_size 64");

    [Fact]
    public void Vision_size_below_one() => RefusedVision("depth", 0, "vision_config.depth", "is 0");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"model_type\":\"a\",\"model_type\":\"b\"}")]
    public void Text_that_is_not_one_object(string json) => Assert.Throws<StarKvException>(() => ModelConfig.Parse(json));
}
