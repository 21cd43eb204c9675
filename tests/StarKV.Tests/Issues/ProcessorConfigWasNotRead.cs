using StarKV.Input;

namespace StarKV.Tests.Issues;

/// <summary>transformers 5 writes a model's limits into processor_config.json alone; they were not read, and pictures had another size than in training.</summary>
public sealed class ProcessorConfigWasNotRead : IDisposable
{
    private const string Small = """{"size":{"shortest_edge":3136,"longest_edge":200704},"patch_size":14}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private PreprocessorConfig Load(string? nested, string? flat = null)
    {
        if (nested is not null)
            _folder.Write("processor_config.json", $$$"""{"processor_class":"Qwen2_5_VLProcessor","image_processor":{{{nested}}},"video_processor":{"size":{"longest_edge":1} } }""");
        if (flat is not null)
            _folder.Write("preprocessor_config.json", flat);
        return PreprocessorConfig.Load(_folder.Path);
    }

    [Fact]
    [Trait("outside", "1.13")]
    public void Limits_of_processor_config_alone_hold()
    {
        var config = Load(Small);
        Assert.Equal((3136L, 200_704L), (config.MinPixels, config.MaxPixels));
        // 672×448 as 19 by 13 merged cells: 272 prompt tokens instead of 409.
        Assert.Equal((532, 364), config.Resize.Fit(672, 448));
    }

    [Fact]
    [Trait("outside", "1.14")]
    public void Where_both_files_differ_the_nested_one_wins_as_a_whole()
    {
        var config = Load(Small, """{"min_pixels":784,"max_pixels":12845056,"patch_size":16,"image_mean":[0,0,0]}""");
        Assert.Equal((3136L, 200_704L, 14), (config.MinPixels, config.MaxPixels, config.PatchSize));
        Assert.Equal(new PreprocessorConfig().ImageMean, config.ImageMean);
    }

    [Theory]
    [InlineData("""{"min_pixels":784,"max_pixels":200704}""")]
    [InlineData("""{"size":{"shortest_edge":784,"longest_edge":200704}}""")]
    [InlineData("""{"size":{"min_pixels":784,"max_pixels":200704}}""")]
    [InlineData("""{"min_pixels":null,"max_pixels":null,"size":{"shortest_edge":784,"longest_edge":200704}}""")]
    [InlineData("""{"min_pixels":784,"max_pixels":200704,"size":{"shortest_edge":3136,"longest_edge":12845056}}""")]
    public void Every_form_of_the_limits_is_read_in_either_file(string json)
    {
        Assert.Equal((784L, 200_704L), (Load(json).MinPixels, Load(json).MaxPixels));
        File.Delete(_folder.File("processor_config.json"));
        Assert.Equal((784L, 200_704L), (Load(null, json).MinPixels, Load(null, json).MaxPixels));
    }

    [Theory]
    [InlineData("""{"processor_class":"Qwen2_5_VLProcessor"}""")]
    [InlineData("""{"image_processor":null}""")]
    public void A_processor_config_without_the_part_leaves_the_other_file_in_force(string json)
    {
        _folder.Write("processor_config.json", json);
        Assert.Equal(200_704L, Load(null, Small).MaxPixels);
    }

    [Fact]
    public void A_wrong_value_names_the_file_and_the_field()
    {
        var error = Assert.Throws<StarKvException>(() => Load("""{"size":{"longest_edge":0}}"""));
        Assert.Contains("processor_config.json: image_processor.size.longest_edge is 0", error.Message, StringComparison.Ordinal);
    }
}
