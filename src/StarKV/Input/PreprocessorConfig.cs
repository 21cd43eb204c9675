using System.Collections.Immutable;
using StarKV.Files;

namespace StarKV.Input;

/// <summary>How a model wants its images: <c>processor_config.json</c> or <c>preprocessor_config.json</c>.</summary>
public sealed record PreprocessorConfig
{
    // Twenty times what the published models take: the bytes of a picture fit one array, whatever its ratio of sides.
    private const long PixelLimit = 1 << 28;

    private const int MaxFactor = 1024;

    /// <value>Fewest pixels of a resized image; default 3,136.</value>
    public long MinPixels { get; init; } = SmartResize.Default.MinPixels;

    /// <value>Most pixels of a resized image; default 12,845,056.</value>
    public long MaxPixels { get; init; } = SmartResize.Default.MaxPixels;

    /// <value>Side of a patch in pixels; default 14.</value>
    public int PatchSize { get; init; } = PatchGrid.DefaultPatchSize;

    /// <value>Patches per side of a merged token; default 2.</value>
    public int MergeSize { get; init; } = PatchGrid.DefaultMergeSize;

    /// <value>Frames per patch; default 2.</value>
    public int TemporalPatchSize { get; init; } = 2;

    /// <value>Subtracted from each channel (red, green, blue; pixels scaled to 0–1); from 0 to 1.</value>
    public ImmutableArray<double> ImageMean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <value>Each channel is divided by this after the subtraction; from 0.001 to 10.</value>
    public ImmutableArray<double> ImageStd { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <value>See <see cref="SmartResize.LiftThinSides"/>; default true. No file tells it, only the publisher's program.</value>
    public bool LiftThinSides { get; init; } = true;

    /// <summary>The rounding of image sizes that these limits ask for.</summary>
    public SmartResize Resize => new(MinPixels, MaxPixels, PatchSize * MergeSize, LiftThinSides) { MergeSize = MergeSize };

    /// <summary>Reads a model folder's file; without one every value has its default.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="missing">What holds where the file says nothing; null (default) for this class's defaults.</param>
    /// <remarks>
    /// <c>image_processor</c> in <c>processor_config.json</c>, the only place
    /// that transformers 5 writes, goes before <c>preprocessor_config.json</c>
    /// as a whole, as it does there: what it leaves out has its default, whatever the other file says.
    /// The limits are <c>min_pixels</c> and <c>max_pixels</c> at the top level or in <c>size</c>; newer files call them
    /// <c>size.shortest_edge</c> and <c>size.longest_edge</c>, which are numbers of pixels in spite of their names.
    /// </remarks>
    /// <exception cref="StarKvException">
    /// The file is not valid, a value is outside its bounds, or contradicts <c>config.json</c> in the same folder.
    /// </exception>
    public static PreprocessorConfig Load(string folder, PreprocessorConfig? missing = null)
    {
        missing ??= new PreprocessorConfig();
        var nested = JsonFile.ReadIfPresent(Path.Combine(folder, "processor_config.json"))?.Object("image_processor");
        var file = nested ?? JsonFile.ReadIfPresent(Path.Combine(folder, "preprocessor_config.json"));
        if (file is null)
            return missing;
        var config = Read(file, missing);
        config.CheckAgainst(Path.Combine(folder, "config.json"), file, missing);
        return config;
    }

    private static PreprocessorConfig Read(JsonFields file, PreprocessorConfig defaults)
    {
        var size = file.Object("size");
        var config = defaults with
        {
            MinPixels = Pixels(file, "min_pixels") ?? Pixels(size, "min_pixels") ?? Pixels(size, "shortest_edge") ?? defaults.MinPixels,
            MaxPixels = Pixels(file, "max_pixels") ?? Pixels(size, "max_pixels") ?? Pixels(size, "longest_edge") ?? defaults.MaxPixels,
            PatchSize = (int)file.Whole("patch_size", defaults.PatchSize, 1, MaxFactor),
            MergeSize = (int)file.Whole("merge_size", defaults.MergeSize, 1, MaxFactor),
            TemporalPatchSize = (int)file.Whole("temporal_patch_size", defaults.TemporalPatchSize, 1, 16),
            ImageMean = file.Numbers("image_mean", 3, 0, 1) ?? defaults.ImageMean,
            ImageStd = file.Numbers("image_std", 3, 0.001, 10) ?? defaults.ImageStd,
        };
        config.Check(file);
        return config;
    }

    private void Check(JsonFields file)
    {
        if (MinPixels > MaxPixels)
            throw file.Error($"min_pixels {MinPixels:N0} is above max_pixels {MaxPixels:N0}; no image can satisfy both.");
        var factor = (long)PatchSize * MergeSize;
        if (factor > MaxFactor || factor * factor > MaxPixels)
        {
            throw file.Error(
                $"patch_size {PatchSize} × merge_size {MergeSize} makes tokens of {factor:N0}×{factor:N0} px; " +
                $"their side is at most {MaxFactor:N0}, and one must fit into the {MaxPixels:N0} of max_pixels.");
        }

        // Pixels are scaled by this and normalised whatever the file says; another way would need other weights.
        if (Math.Abs(255 * file.Number("rescale_factor", 1 / 255.0, 0, 1) - 1) > 1e-6)
            throw file.Error(
                $"rescale_factor is {file.AsText("rescale_factor")}; only 1/255 is supported. Take the file of the published model.");
        if ((file.Flag("do_rescale", true) ? file.Flag("do_normalize", true) ? null : "do_normalize" : "do_rescale") is { } off)
            throw file.Error($"{off} is false; pixels are always scaled to 0–1 and normalised. Take the file of the published model.");
    }

    private void CheckAgainst(string modelFile, JsonFields file, PreprocessorConfig defaults)
    {
        if (JsonFile.ReadIfPresent(modelFile)?.Object("vision_config") is not { } vision)
            return;
        Same("patch_size", PatchSize, "patch_size", defaults.PatchSize);
        Same("merge_size", MergeSize, "spatial_merge_size", defaults.MergeSize);
        Same("temporal_patch_size", TemporalPatchSize, "temporal_patch_size", defaults.TemporalPatchSize);

        void Same(string name, int own, string other, int missing)
        {
            var size = vision.Size(other, missing);
            if (size != own)
                throw file.Error(
                    $"{name} is {own}, but {modelFile} says {size} (vision_config.{other}). Take both files of the same model.");
        }
    }

    private static long? Pixels(JsonFields? fields, string name) => fields?.WholeOrNull(name, 1, PixelLimit);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{MinPixels} to {MaxPixels} pixels, patches of {PatchSize}, merged "
            + $"{MergeSize}×{MergeSize}, mean {ListText.Of(ImageMean)}, deviation {ListText.Of(ImageStd)}";
}
