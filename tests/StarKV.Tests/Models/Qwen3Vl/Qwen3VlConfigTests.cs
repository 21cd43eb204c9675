using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen3Vl;

namespace StarKV.Tests.Models.Qwen3Vl;

public sealed class Qwen3VlConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Text(string file) =>
        File.ReadAllText(RepositoryFiles.Path("tests", "vectors", "golden", "qwen3vl", "model", file));

    private static JsonObject Published() => JsonNode.Parse(Text("config_hub_style.json"))!.AsObject();

    private static void Refused(Action<JsonObject> edit, params string[] said)
    {
        var config = Published();
        edit(config);
        var error = Assert.Throws<StarKvException>(() => ModelConfig.Parse(config.ToJsonString()));
        Assert.All(["config.json", .. said], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_published_spelling_and_that_of_the_library_say_the_same()
    {
        var (saved, published) = ((Qwen3VlConfig)ModelConfig.Parse(Text("config.json")), (Qwen3VlConfig)ModelConfig.Parse(Text("config_hub_style.json")));
        Assert.Equal(JsonSerializer.Serialize(saved with { EosTokenIds = [1] }), JsonSerializer.Serialize(published));
        var (text, vision) = (published.Text, published.Vision);
        Assert.Equal((80, 128, 5, 4, 2, 32, 640), (text.HiddenSize, text.IntermediateSize, text.Layers, text.Heads, text.KvHeads, text.HeadDim, text.VocabSize));
        Assert.Equal((1e-6, 2000.0, 4096, false), (text.RmsNormEps, text.RopeTheta, text.MaxPositions, text.TieWordEmbeddings));
        Assert.Equal((true, false, true), (text.InterleavedAxes, text.QkvBias, text.HeadNorms));
        Assert.Equal([8, 4, 4], text.MropeSection);
        // Interleaved until height and width have their four pairs each, and time takes the rest.
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0, 0], text.RotaryAxes);
        Assert.Equal((5, 48, 4, 80, 36, 6, 80), (vision.Depth, vision.HiddenSize, vision.Heads, vision.IntermediateSize, vision.PositionEntries, vision.PositionSide, vision.OutHiddenSize));
        Assert.Equal([1, 3], vision.DeepstackBlocks);
        Assert.Equal((636, 637, 638, 639), (published.ImageTokenId, published.VideoTokenId, published.VisionStartTokenId, published.VisionEndTokenId));
    }

    [Theory]
    [InlineData("2b", 1_720_574_976, 406_957_056, 114_688)]
    [InlineData("4b", 4_022_468_096, 415_347_712, 147_456)]
    [InlineData("8b", 8_190_735_360, 576_388_336, 147_456)]
    [InlineData("32b", 32_762_123_264, 595_266_800, 262_144)]
    public void The_published_sizes_have_their_numbers_of_weights_and_bytes_per_token(string name, long text, long vision, long bytes)
    {
        var config = ModelRegistry.Shape($"qwen3-vl-{name}");
        Assert.Equal(vision, config.VisionNumbers);
        Assert.Equal(2 * (text + vision), StarKV.Prefill.PrefillMemory.Weights(config, 2));
        Assert.Equal(bytes, 2L * 2 * config.Text.Layers * config.Text.KvHeads * config.Text.HeadDim);
    }

    [Theory]
    [InlineData("qwen3_vl_moe", "mixtures of experts", "30B-A3B")]
    [InlineData("qwen3_5", "Qwen3.5", "linear attention")]
    [InlineData("qwen3_5_moe", "Qwen3.5", "linear attention")]
    public void A_relative_is_refused_by_its_name(string type, params string[] said) =>
        Refused(c => c["model_type"] = type, [type, "dense Qwen3-VL", .. said]);

    [Theory]
    [InlineData("head_dim", "there is no head_dim")]
    [InlineData("rope_theta", "there is no rope_theta")]
    [InlineData("hidden_size", "hidden_size")]
    [InlineData("num_key_value_heads", "num_key_value_heads")]
    [InlineData("vocab_size", "vocab_size")]
    public void Without_a_field_that_has_no_default(string field, string said) =>
        Refused(c => c["text_config"]!.AsObject().Remove(field), said);

    [Theory]
    [InlineData("text_config")]
    [InlineData("vision_config")]
    public void Without_a_part(string part) => Refused(c => c.Remove(part), $"there is no {part}");

    [Theory]
    [InlineData("attention_bias", "true", "attention_bias")]
    [InlineData("hidden_act", "\"gelu\"", "'gelu'")]
    [InlineData("head_dim", "33", "head_dim is 33")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads 3")]
    [InlineData("use_sliding_window", "true", "use_sliding_window")]
    [InlineData("rope_theta", "0", "rope_theta")]
    public void Text_that_cannot_be_run(string field, string json, string said) =>
        Refused(c => c["text_config"]![field] = JsonNode.Parse(json), said);

    [Theory]
    [InlineData("""{"rope_type":"yarn","factor":3.0,"mrope_section":[8,4,4]}""", "'yarn'")]
    [InlineData("""{"rope_type":"mrope","mrope_section":[8,4,4]}""", "'mrope'")]
    [InlineData("""{"rope_type":"default","mrope_interleaved":false,"mrope_section":[8,4,4]}""", "mrope_interleaved is false")]
    [InlineData("""{"rope_type":"default","mrope_section":[8,4,5]}""", "sum 16")]
    [InlineData("""{"rope_type":"default"}""", "mrope_section [24, 20, 20]")]
    public void Rotary_positions_that_cannot_be_run(string rope, string said) =>
        Refused(c => c["text_config"]!["rope_scaling"] = JsonNode.Parse(rope), said);

    [Theory]
    [InlineData("hidden_act", "\"silu\"", "'silu'")]
    [InlineData("patch_size", "14", "patch_size 14")]
    [InlineData("spatial_merge_size", "4", "spatial_merge_size 4")]
    [InlineData("num_heads", "5", "num_heads 5")]
    [InlineData("deepstack_visual_indexes", "[1, 5]", "names block 5")]
    [InlineData("deepstack_visual_indexes", "[3, 1]", "ascending")]
    [InlineData("deepstack_visual_indexes", "[1, 1]", "ascending")]
    [InlineData("out_hidden_size", "64", "out_hidden_size 64")]
    [InlineData("rope_parameters", """{"rope_type":"yarn"}""", "'yarn'")]
    public void A_tower_that_cannot_be_run(string field, string json, string said) =>
        Refused(c => c["vision_config"]![field] = JsonNode.Parse(json), said);

    [Fact]
    public void More_additions_than_decoder_layers() => Refused(
        c =>
        {
            c["text_config"]!["num_hidden_layers"] = 1;
        },
        "deepstack_visual_indexes names 2 blocks", "num_hidden_layers is 1");

    [Fact]
    public void A_base_in_the_rotary_block_wins_over_one_next_to_it()
    {
        var config = Published();
        config["text_config"]!["rope_scaling"]!["rope_theta"] = 3000;
        Assert.Equal(3000, ModelConfig.Parse(config.ToJsonString()).Text.RopeTheta);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"size":{"shortest_edge":65536,"longest_edge":16777216},"patch_size":16,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5]}""")]
    public void Pixels_have_the_family_s_defaults(string? file)
    {
        _folder.Write("config.json", Text("config_hub_style.json"));
        if (file is not null)
            _folder.Write("preprocessor_config.json", file);
        var family = ModelConfig.Load(_folder.Path).Family;
        var pixels = PreprocessorConfig.Load(_folder.Path, family.Pixels);
        Assert.Equal(family.Pixels.ToString(), pixels.ToString());
        Assert.Equal((65_536, 16_777_216, 32, false), (pixels.Resize.MinPixels, pixels.Resize.MaxPixels, pixels.Resize.Factor, pixels.Resize.LiftThinSides));
        Assert.Equal((1920, 1088), pixels.Resize.Fit(1920, 1080));
    }

    [Fact]
    public void A_preprocessor_of_the_other_patch_size_is_refused()
    {
        _folder.Write("config.json", Text("config_hub_style.json"));
        _folder.Write("preprocessor_config.json", """{"patch_size":14}""");
        var error = Assert.Throws<StarKvException>(() => PreprocessorConfig.Load(_folder.Path, ModelConfig.Load(_folder.Path).Family.Pixels));
        Assert.Contains("patch_size is 14, but", error.Message, StringComparison.Ordinal);
    }
}
