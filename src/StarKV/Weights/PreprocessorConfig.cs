using System.Collections.Immutable;
using StarKV.Input;

namespace StarKV.Weights;

/// <summary>How a model wants its images: <c>processor_config.json</c> or <c>preprocessor_config.json</c>.</summary>
public sealed record PreprocessorConfig
{
    /// <value>Fewest pixels of a resized image; default 3,136.</value>
    public long MinPixels { get; init; } = SmartResize.Default.MinPixels;

    /// <value>Most pixels of a resized image; default 12,845,056.</value>
    public long MaxPixels { get; init; } = SmartResize.Default.MaxPixels;

    /// <value>Side of a patch in pixels; default 14.</value>
    public int PatchSize { get; init; } = 14;

    /// <value>Patches per side of a merged token; default 2.</value>
    public int MergeSize { get; init; } = 2;

    /// <value>Frames per patch; default 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <value>Subtracted from each channel (red, green, blue; pixels scaled to 0–1).</value>
    public ImmutableArray<double> ImageMean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <value>Each channel is divided by this after the subtraction; above 0.</value>
    public ImmutableArray<double> ImageStd { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>The rounding of image sizes that these limits ask for.</summary>
    public SmartResize Resize => new(MinPixels, MaxPixels, PatchSize * MergeSize);

    /// <summary>Reads a model folder's file; without one every value has its default.</summary>
    /// <remarks>
    /// <c>image_processor</c> in <c>processor_config.json</c>, the only place that transformers 5 writes, goes before <c>preprocessor_config.json</c>
    /// as a whole, as it does there: what it leaves out has its default, whatever the other file says.
    /// The limits are <c>min_pixels</c> and <c>max_pixels</c> at the top level or in <c>size</c>; newer files call them
    /// <c>size.shortest_edge</c> and <c>size.longest_edge</c>, which are numbers of pixels in spite of their names.
    /// </remarks>
    /// <exception cref="StarKvException">The file is not valid, or a value is outside its bounds.</exception>
    public static PreprocessorConfig Load(string folder)
    {
        var nested = JsonFile.ReadIfPresent(Path.Combine(folder, "processor_config.json"))?.Object("image_processor");
        var file = nested ?? JsonFile.ReadIfPresent(Path.Combine(folder, "preprocessor_config.json"));
        return file is null ? new PreprocessorConfig() : Read(file);
    }

    private static PreprocessorConfig Read(JsonFields file)
    {
        var defaults = new PreprocessorConfig();
        var size = file.Object("size");
        var config = new PreprocessorConfig
        {
            MinPixels = Pixels(file, "min_pixels") ?? Pixels(size, "min_pixels") ?? Pixels(size, "shortest_edge") ?? defaults.MinPixels,
            MaxPixels = Pixels(file, "max_pixels") ?? Pixels(size, "max_pixels") ?? Pixels(size, "longest_edge") ?? defaults.MaxPixels,
            PatchSize = (int)file.Whole("patch_size", defaults.PatchSize, 1, 1024),
            MergeSize = (int)file.Whole("merge_size", defaults.MergeSize, 1, 1024),
            TemporalPatchSize = (int)file.Whole("temporal_patch_size", defaults.TemporalPatchSize, 1, 1024),
            ImageMean = file.Numbers("image_mean", 3) ?? defaults.ImageMean,
            ImageStd = file.Numbers("image_std", 3) ?? defaults.ImageStd,
        };
        if (config.MinPixels > config.MaxPixels)
            throw file.Error($"min_pixels {config.MinPixels:N0} is above max_pixels {config.MaxPixels:N0}; no image can satisfy both.");
        if (config.ImageStd.Any(value => value <= 0))
            throw file.Error("image_std must be above 0 for each channel.");
        return config;
    }

    private static long? Pixels(JsonFields? fields, string name) => fields?.WholeOrNull(name, 1, 1L << 40);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{MinPixels} to {MaxPixels} pixels, patches of {PatchSize}, merged {MergeSize}×{MergeSize}, mean {ListText.Of(ImageMean)}, deviation {ListText.Of(ImageStd)}";
}
