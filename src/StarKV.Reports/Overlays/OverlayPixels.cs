using System.Runtime.InteropServices;
using SkiaSharp;

namespace StarKV.Reports.Overlays;

/// <summary>Paints the cells of a frame in its own pixels: kept ones as they are, dropped ones grey and dark, in proportion.</summary>
internal static class OverlayPixels
{
    /// <summary>What is left of a dropped pixel's brightness, in 256ths.</summary>
    private const int Dim = 80;

    /// <summary>
    /// The first pixel of each cell along a side of <paramref name="pixels"/>, and the end: <paramref name="cells"/> + 1 numbers.
    /// </summary>
    public static int[] Edges(int cells, int pixels) =>
        [.. Enumerable.Range(0, cells + 1).Select(i => (int)Math.Ceiling((double)i * pixels / cells - 0.5))];

    /// <summary>Returns the frame as an image of the screenshot's size.</summary>
    public static SKImage Paint(OverlayFrame frame)
    {
        var shot = frame.Screenshot;
        var pixels = new byte[(long)shot.Width * shot.Height * 4];
        var (tops, lefts) = (Edges(frame.Grid.Rows, shot.Height), Edges(frame.Grid.Columns, shot.Width));
        Parallel.For(0, frame.Grid.Rows, row =>
        {
            for (var column = 0; column < frame.Grid.Columns; column++)
            {
                var kept = (int)MathF.Round(frame.Share(row, column) * 256);
                for (var y = tops[row]; y < tops[row + 1]; y++)
                {
                    var from = shot.Rgb.AsSpan(y * shot.Width * 3);
                    var to = pixels.AsSpan(y * shot.Width * 4);
                    for (var x = lefts[column]; x < lefts[column + 1]; x++)
                        PaintPixel(from.Slice(x * 3, 3), to.Slice(x * 4, 4), kept);
                }
            }
        });

        var pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            return SKImage.FromPixelCopy(
                new SKImageInfo(shot.Width, shot.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), pin.AddrOfPinnedObject(),
                shot.Width * 4)
                ?? throw new StarKvMemoryException($"There is not enough memory to draw on {shot.Width}×{shot.Height} px. " +
                    $"Render fewer frames at a time.");
        }
        finally
        {
            pin.Free();
        }
    }

    private static void PaintPixel(ReadOnlySpan<byte> rgb, Span<byte> rgba, int kept)
    {
        var grey = (rgb[0] * 54 + rgb[1] * 183 + rgb[2] * 19 >> 8) * Dim >> 8;
        for (var c = 0; c < 3; c++)
            rgba[c] = (byte)(rgb[c] * kept + grey * (256 - kept) >> 8);
        rgba[3] = 255;
    }
}
