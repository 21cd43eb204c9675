namespace StarKV.Text;

/// <summary>How many vision tokens an image becomes: one for each merged block of patches.</summary>
/// <param name="Rows">Merged blocks from top to bottom, at least 1.</param>
/// <param name="Columns">Merged blocks from left to right, at least 1.</param>
public readonly record struct MergedGrid(int Rows, int Columns)
{
    /// <value>Vision tokens of the image, rows × columns.</value>
    public int Count => Rows * Columns;

    /// <summary>The grid of an image that is already resized to the model's size.</summary>
    /// <param name="width">Width in pixels, a multiple of <paramref name="factor"/>.</param>
    /// <param name="height">Height in pixels, a multiple of <paramref name="factor"/>.</param>
    /// <param name="factor">Pixels per merged block and side; default 28.</param>
    /// <exception cref="StarKvException">A side is not a positive multiple of <paramref name="factor"/>.</exception>
    public static MergedGrid OfPixels(int width, int height, int factor = 28)
    {
        if (width < factor || height < factor || width % factor != 0 || height % factor != 0)
            throw new StarKvException(
                $"The image is {width}×{height} px; both sides must be multiples of {factor} px. Resize it with SmartResize first.");
        return new MergedGrid(height / factor, width / factor);
    }
}
