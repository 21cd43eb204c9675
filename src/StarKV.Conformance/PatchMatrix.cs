using StarKV.Input;

namespace StarKV.Conformance;

/// <summary>
/// The patch matrix of the published models, <c>[Patches, 1176]</c> for Qwen2.5-VL, in plain loops: what the device must come to. The
/// engine builds the matrix on the device from the 8-bit pixels.
/// </summary>
internal static class PatchMatrix
{
    /// <summary>Frames a still image is repeated for.</summary>
    public const int TemporalSize = 2;

    /// <summary>Side of a patch in pixels of the resized image.</summary>
    public const int PatchSize = 14;

    /// <summary>Patches along each side of a cell.</summary>
    public const int MergeSize = 2;

    /// <summary>Numbers in a row: 3 channels × 2 frames × 14 × 14.</summary>
    public const int RowLength = 3 * TemporalSize * PatchSize * PatchSize;

    /// <summary>Writes one row. Four consecutive rows are the 2×2 patches of one cell; cells run row by row.</summary>
    /// <param name="image">The resized image.</param>
    /// <param name="row">0 to <see cref="PatchGrid.Patches"/> − 1.</param>
    /// <param name="values">Takes <see cref="RowLength"/> numbers, ordered channel, frame, y, x.</param>
    public static void WriteRow(ModelImage image, int row, Span<float> values) => WriteRow(image, row, values, PixelNormalisation.Apply);

    /// <summary>Numbers in a row of any grid.</summary>
    public static int Numbers(PatchGrid grid) => 3 * TemporalSize * grid.PatchSize * grid.PatchSize;

    /// <summary>Writes one row of an image of any patch size.</summary>
    /// <param name="image">The resized image.</param>
    /// <param name="row">0 to <see cref="PatchGrid.Patches"/> − 1.</param>
    /// <param name="values">Takes <see cref="Numbers"/> numbers, ordered channel, frame, y, x.</param>
    /// <param name="normalise">The model's number for a pixel value of a channel.</param>
    public static void WriteRow(ModelImage image, int row, Span<float> values, Func<byte, int, float> normalise)
    {
        var (side, merge) = (image.Grid.PatchSize, image.Grid.MergeSize);
        var (cell, inner) = (row / (merge * merge), row % (merge * merge));
        var top = (cell / image.Grid.Columns * merge + inner / merge) * side;
        var left = (cell % image.Grid.Columns * merge + inner % merge) * side;
        var at = 0;
        for (var channel = 0; channel < 3; channel++)
            for (var frame = 0; frame < TemporalSize; frame++)
                for (var y = 0; y < side; y++)
                    for (var x = 0; x < side; x++)
                        values[at++] = normalise(image.Rgb[((top + y) * image.Width + left + x) * 3 + channel], channel);
    }
}
