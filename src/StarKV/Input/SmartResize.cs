namespace StarKV.Input;

/// <summary>How a model rounds a screenshot to a size that its patches tile.</summary>
/// <param name="MinPixels">Fewest pixels after resizing; smaller images are enlarged. Default 3,136 (4 merged tokens).</param>
/// <param name="MaxPixels">Maximum of pixels after resizing; larger images are shrunk. Default 12,845,056 (16,384 merged tokens).</param>
/// <param name="Factor">Both sides become multiples of this; patch size × merge size. Default 28.</param>
/// <param name="LiftThinSides">
/// Whether a side that rounds to 0 (under half a factor) becomes one factor before the pixels are counted. Default true, as in
/// the vision utilities; transformers' own processor counts such an image as 0 pixels and so fits it to
/// <paramref name="MinPixels"/>: 300×14 becomes 308×28 here, 280×28 there.
/// </param>
/// <remarks>
/// Source: <c>smart_resize</c> of the Qwen vision utilities and of the Qwen2-VL image processor; both round half to even.
/// </remarks>
public readonly record struct SmartResize(
    long MinPixels = 4 * 28 * 28,
    long MaxPixels = 16384L * 28 * 28,
    int Factor = 28,
    bool LiftThinSides = true)
{
    /// <value>Patches merged along each side of a token; <see cref="Factor"/> is a multiple of it. Default 2.</value>
    public int MergeSize { get; init; } = PatchGrid.DefaultMergeSize;

    /// <summary>The largest accepted ratio of the longer to the shorter side.</summary>
    public const double MaxAspectRatio = 200;

    /// <summary>The limits of the published checkpoints: 3,136 to 12,845,056 pixels, factor 28.</summary>
    public static SmartResize Default { get; } = new(4 * 28 * 28);

    /// <summary>
    /// Returns the size in pixels that the model sees for an image of <paramref name="width"/>×<paramref name="height"/>.
    /// </summary>
    /// <param name="width">Original width in pixels.</param>
    /// <param name="height">Original height in pixels.</param>
    /// <param name="rounding">Half to even as in Python (default), or half away from zero as in JavaScript.</param>
    /// <exception cref="StarKvException">A side is below 1, or one side is more than 200 times the other.</exception>
    public (int Width, int Height) Fit(int width, int height, MidpointRounding rounding = MidpointRounding.ToEven)
    {
        if (width < 1 || height < 1)
            throw new StarKvException($"The image is {width}×{height} px; both sides must be at least 1 px.");
        if ((double)Math.Max(width, height) / Math.Min(width, height) > MaxAspectRatio)
            throw new StarKvException(
                $"The image is {width}×{height} px; the model accepts side ratios up to {MaxAspectRatio}:1. Crop it.");

        var (h, w) = (Round(height, rounding), Round(width, rounding));
        if ((long)h * w > MaxPixels)
        {
            var shrink = Math.Sqrt((double)height * width / MaxPixels);
            h = Math.Max(Factor, (int)Math.Floor(height / shrink / Factor) * Factor);
            w = Math.Max(Factor, (int)Math.Floor(width / shrink / Factor) * Factor);
        }
        else if ((long)h * w < MinPixels)
        {
            var grow = Math.Sqrt(MinPixels / ((double)height * width));
            h = (int)Math.Ceiling(height * grow / Factor) * Factor;
            w = (int)Math.Ceiling(width * grow / Factor) * Factor;
        }

        return (w, h);
    }

    private int Round(int side, MidpointRounding rounding) =>
        Math.Max(LiftThinSides ? Factor : 0, (int)Math.Round((double)side / Factor, rounding) * Factor);
}
