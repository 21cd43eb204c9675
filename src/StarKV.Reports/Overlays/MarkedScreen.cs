using SkiaSharp;
using StarKV.Input;

namespace StarKV.Reports.Overlays;

/// <summary>A screenshot, made small, with a known box and points marked on it.</summary>
public static class MarkedScreen
{
    /// <summary>Draws the picture.</summary>
    /// <param name="screen">The screenshot.</param>
    /// <param name="side">The longest side of the picture in pixels; a smaller screenshot keeps its size.</param>
    /// <param name="known">The box, in the screenshot's pixels; null for none.</param>
    /// <param name="points">The points, in the screenshot's pixels; what lies outside is drawn on the edge.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Png(Screenshot screen, int side, PixelBox? known, IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(screen);
        // One cell that is kept whole: the screenshot as it is.
        var frame = new OverlayFrame(screen, new PatchGrid(2, 2), [1]) { KnownBox = known, Targets = points };
        var scale = Math.Min(1, (float)side / Math.Max(screen.Width, screen.Height));
        var place = SKRect.Create(MathF.Round(screen.Width * scale), MathF.Round(screen.Height * scale));
        using var surface = SKSurface.Create(
            new SKImageInfo((int)place.Width, (int)place.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var image = OverlayPixels.Paint(frame))
            surface.Canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        OverlayMarks.DrawMarks(surface.Canvas, frame, place);
        using var drawn = surface.Snapshot();
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
