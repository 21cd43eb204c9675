using StarKV.Input;
using StarKV.Models;

namespace StarKV.Tests.Weights;

/// <summary>generation_config.json and preprocessor_config.json.</summary>
public sealed class CompanionConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private GenerationConfig Generation(string json)
    {
        _folder.Write("generation_config.json", json);
        return GenerationConfig.Load(_folder.Path);
    }

    private PreprocessorConfig Preprocessor(string json)
    {
        _folder.Write("preprocessor_config.json", json);
        return PreprocessorConfig.Load(_folder.Path);
    }

    [Fact]
    public void Generation_without_a_file_has_defaults()
    {
        var config = GenerationConfig.Load(_folder.Path);
        Assert.Empty(config.EosTokenIds);
        Assert.Null(config.PadTokenId);
        Assert.Null(config.MaxNewTokens);
        Assert.Equal((1.0, 1.0, 1.0, 50, false), (config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample));
    }

    [Fact]
    public void Generation_reads_every_value()
    {
        var config = Generation(
            """{"eos_token_id":[5,6],"pad_token_id":7,"repetition_penalty":1.05,"temperature":1e-6,"top_p":0.8,"top_k":20,"do_sample":true,"max_new_tokens":9}""");
        Assert.Equal([5, 6], config.EosTokenIds);
        Assert.Equal((7, 1.05, 1e-6, 0.8, 20, true, 9), (config.PadTokenId, config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample, config.MaxNewTokens));
    }

    [Fact]
    public void What_the_file_of_generation_leaves_out_has_its_default()
    {
        var config = Generation("{}");
        Assert.Empty(config.EosTokenIds);
        Assert.Equal(((int?)null, 1.0, 1.0, 1.0, 50, false, (int?)null), (config.PadTokenId, config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.DoSample, config.MaxNewTokens));
    }

    [Fact]
    public void One_end_token_counts_as_a_list() => Assert.Equal([5], Generation("""{"eos_token_id":5}""").EosTokenIds);

    [Theory]
    [InlineData("""{"eos_token_id":4}""", new[] { 4 })]
    [InlineData("""{"text_config":{"eos_token_id":[3]}}""", new[] { 3 })]
    [InlineData("""{"eos_token_id":null,"text_config":{"eos_token_id":null}}""", new int[] { })]
    public void End_tokens_fall_back_to_the_model_config(string json, int[] expected)
    {
        _folder.Write("config.json", json);
        Assert.Equal(expected, GenerationConfig.Load(_folder.Path).EosTokenIds);
        Assert.Equal(expected, Generation("""{"do_sample":true}""").EosTokenIds);
        Assert.Equal([9], Generation("""{"eos_token_id":9}""").EosTokenIds);
    }

    [Theory]
    [InlineData("""{"repetition_penalty":0}""", "repetition_penalty")]
    [InlineData("""{"temperature":-1}""", "temperature")]
    [InlineData("""{"top_p":1.1}""", "top_p")]
    [InlineData("""{"top_k":-1}""", "top_k")]
    [InlineData("""{"eos_token_id":["a"]}""", "eos_token_id")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens")]
    [InlineData("nonsense", "generation_config.json")]
    public void Generation_value_outside_its_bounds(string json, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => Generation(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0.01", 0.01, "0", 0, "0", 0)]
    [InlineData("100", 100, "100", 100, "1", 1)]
    public void Generation_values_may_lie_on_their_bounds(string penalty, double penaltyRead, string temperature, double temperatureRead, string topP, double topPRead)
    {
        var config = Generation($$"""{"repetition_penalty":{{penalty}},"temperature":{{temperature}},"top_p":{{topP}},"top_k":0,"pad_token_id":0,"eos_token_id":0,"max_new_tokens":1}""");
        Assert.Equal((penaltyRead, temperatureRead, topPRead, 0, 0, 1), (config.RepetitionPenalty, config.Temperature, config.TopP, config.TopK, config.PadTokenId, config.MaxNewTokens));
        Assert.Equal([0], config.EosTokenIds);
    }

    [Theory]
    [InlineData("""{"vocab_size":10}""")]
    [InlineData("""{"text_config":{"vocab_size":10},"vocab_size":5}""")]
    public void Tokens_of_the_vocabulary_are_accepted_up_to_its_last(string model)
    {
        _folder.Write("config.json", model);
        Assert.Equal(9, Generation("""{"eos_token_id":[0,9],"pad_token_id":9}""").PadTokenId);
        Assert.Contains("eos_token_id names 10, but", Assert.Throws<StarKvException>(() => Generation("""{"eos_token_id":[9,10,11]}""")).Message, StringComparison.Ordinal);
        Assert.Contains("pad_token_id is 10, but", Assert.Throws<StarKvException>(() => Generation("""{"pad_token_id":10}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_a_model_that_names_no_vocabulary_are_not_compared()
    {
        _folder.Write("config.json", "{}");
        Assert.Equal(2_000_000_000, Generation("""{"pad_token_id":2000000000}""").PadTokenId);
    }

    [Fact]
    public void Preprocessor_without_a_file_has_defaults()
    {
        var config = PreprocessorConfig.Load(_folder.Path);
        Assert.Equal((3136L, 12_845_056L, 14, 2, 2), (config.MinPixels, config.MaxPixels, config.PatchSize, config.MergeSize, config.TemporalPatchSize));
        Assert.Equal(3, config.ImageMean.Length);
        Assert.Equal(StarKV.Input.SmartResize.Default, config.Resize);
    }

    [Theory]
    [InlineData("""{"min_pixels":784,"max_pixels":100352}""")]
    [InlineData("""{"size":{"shortest_edge":784,"longest_edge":100352}}""")]
    [InlineData("""{"size":{"min_pixels":784,"max_pixels":100352}}""")]
    [InlineData("""{"size":{"min_pixels":784,"max_pixels":100352,"shortest_edge":1,"longest_edge":2}}""")]
    [InlineData("""{"min_pixels":784,"max_pixels":100352,"size":{"shortest_edge":1,"longest_edge":2}}""")]
    [InlineData("""{"min_pixels":null,"max_pixels":100352,"size":{"shortest_edge":784,"longest_edge":2}}""")]
    public void Pixel_limits_are_read_in_every_form(string json)
    {
        var config = Preprocessor(json);
        Assert.Equal((784L, 100_352L), (config.MinPixels, config.MaxPixels));
    }

    [Fact]
    public void Preprocessor_reads_every_other_value()
    {
        var config = Preprocessor("""{"patch_size":16,"merge_size":3,"temporal_patch_size":1,"image_mean":[0,0.5,1],"image_std":[1,2,3]}""");
        Assert.Equal((16, 3, 1, 48), (config.PatchSize, config.MergeSize, config.TemporalPatchSize, config.Resize.Factor));
        Assert.Equal([0, 0.5, 1], config.ImageMean);
        Assert.Equal([1, 2, 3], config.ImageStd);
    }

    [Theory]
    [InlineData("""{"min_pixels":784,"max_pixels":784}""", 28)]
    [InlineData("""{"patch_size":512}""", 1024)]
    [InlineData("""{"patch_size":1024,"merge_size":1,"temporal_patch_size":16,"image_mean":[0,0,1],"image_std":[0.001,10,1],"max_pixels":268435456}""", 1024)]
    [InlineData("""{"patch_size":1,"merge_size":1,"min_pixels":1,"max_pixels":1}""", 1)]
    public void Preprocessor_values_may_lie_on_their_bounds(string json, int factor) => Assert.Equal(factor, Preprocessor(json).Resize.Factor);

    [Theory]
    [InlineData("""{"patch_size":513}""", "tokens of 1,026×1,026 px; their side is at most 1,024")]
    [InlineData("""{"min_pixels":1,"max_pixels":783}""", "tokens of 28×28 px")]
    [InlineData("""{"rescale_factor":0.0039}""", "only 1/255 is supported")]
    [InlineData("""{"rescale_factor":0.00393}""", "only 1/255 is supported")]
    [InlineData("""{"do_rescale":false,"do_normalize":false}""", "do_rescale is false")]
    [InlineData("""{"min_pixels":10,"max_pixels":9}""", "above max_pixels")]
    [InlineData("""{"max_pixels":0}""", "max_pixels")]
    [InlineData("""{"patch_size":0}""", "patch_size")]
    [InlineData("""{"image_mean":[1,2]}""", "image_mean")]
    [InlineData("""{"image_std":[1,0,1]}""", "image_std")]
    [InlineData("""{"image_std":[1,"a",1]}""", "image_std")]
    [InlineData("[]", "preprocessor_config.json")]
    public void Preprocessor_value_outside_its_bounds(string json, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => Preprocessor(json)).Message, StringComparison.Ordinal);
}
