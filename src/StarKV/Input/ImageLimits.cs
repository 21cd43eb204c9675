namespace StarKV.Input;

/// <summary>What a screenshot file may be at most. Everything here is checked from the header, before a pixel is decoded.</summary>
public sealed record ImageLimits
{
    /// <summary>The limits used when none are given: 64 MP, 128 MiB, 200:1.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Most pixels of the original image, width × height.</summary>
    /// <value>Default 64,000,000: 7680×4320 (33 MP) passes. Decoding holds 7 bytes per pixel, so at most 448 MB.</value>
    public long MaxPixels { get; init; } = 64_000_000;

    /// <summary>Most bytes of the encoded file.</summary>
    /// <value>Default 134,217,728 (128 MiB).</value>
    public long MaxFileBytes { get; init; } = 128L << 20;

    /// <summary>Largest ratio of the longer to the shorter side.</summary>
    /// <value>Default 200, the most the model accepts (<see cref="SmartResize.MaxAspectRatio"/>).</value>
    public double MaxAspectRatio { get; init; } = SmartResize.MaxAspectRatio;

    internal void CheckFile(string name, long bytes)
    {
        if (bytes > MaxFileBytes)
            throw new StarKvException(
                $"screenshot '{name}' is larger than {MaxFileBytes >> 20} MiB "
                    + $"(ImageLimits.MaxFileBytes). Downscale it or raise the limit.");
    }

    internal void CheckSize(string name, int width, int height)
    {
        if (width < 1 || height < 1)
            throw new StarKvException($"screenshot '{name}' is {width}×{height} px; both sides must be at least 1 px.");
        if ((long)width * height > MaxPixels)
            throw new StarKvException(
                $"screenshot '{name}' is {width}×{height} px; the limit is {MaxPixels / 1e6:0.#} "
                    + $"MP (ImageLimits.MaxPixels). Downscale it or raise the limit.");
        if ((double)Math.Max(width, height) / Math.Min(width, height) > MaxAspectRatio)
            throw new StarKvException(
                $"screenshot '{name}' is {width}×{height} px; the limit is a side ratio "
                    + $"of {MaxAspectRatio:0.#}:1 (ImageLimits.MaxAspectRatio). Crop it.");
    }
}
