using StarKV.Weights;

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
