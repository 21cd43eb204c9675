using StarKV.Input;

namespace StarKV.Tests.Input;

/// <summary>preprocessor_config.json.</summary>
public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private PreprocessorConfig Read(string json)
    {
        _folder.Write("preprocessor_config.json", json);
        return PreprocessorConfig.Load(_folder.Path);
    }

    [Fact]
    public void Without_a_file_there_are_defaults()
    {
        var config = PreprocessorConfig.Load(_folder.Path);
        Assert.Equal((3136L, 12_845_056L, 14, 2, 2), (config.MinPixels, config.MaxPixels, config.PatchSize, config.MergeSize, config.TemporalPatchSize));
        Assert.Equal(3, config.ImageMean.Length);
        Assert.Equal(SmartResize.Default, config.Resize);
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
        var config = Read(json);
        Assert.Equal((784L, 100_352L), (config.MinPixels, config.MaxPixels));
    }

    [Fact]
    public void Every_other_value_is_read()
    {
        var config = Read("""{"patch_size":16,"merge_size":3,"temporal_patch_size":1,"image_mean":[0,0.5,1],"image_std":[1,2,3]}""");
        Assert.Equal((16, 3, 1, 48), (config.PatchSize, config.MergeSize, config.TemporalPatchSize, config.Resize.Factor));
        Assert.Equal([0, 0.5, 1], config.ImageMean);
        Assert.Equal([1, 2, 3], config.ImageStd);
    }

    [Theory]
    [InlineData("""{"min_pixels":784,"max_pixels":784}""", 28)]
    [InlineData("""{"patch_size":512}""", 1024)]
    [InlineData("""{"patch_size":1024,"merge_size":1,"temporal_patch_size":16,"image_mean":[0,0,1],"image_std":[0.001,10,1],"max_pixels":268435456}""", 1024)]
    [InlineData("""{"patch_size":1,"merge_size":1,"min_pixels":1,"max_pixels":1}""", 1)]
    public void Values_may_lie_on_their_bounds(string json, int factor) => Assert.Equal(factor, Read(json).Resize.Factor);

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
    public void Value_outside_its_bounds(string json, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => Read(json)).Message, StringComparison.Ordinal);
}
