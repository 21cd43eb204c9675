using SkiaSharp;
using StarKV.Files;

namespace StarKV.Reports.Overlays;

/// <summary>
/// The picture of what was kept: kept cells of each screenshot bright and outlined, dropped ones dark and grey, the model's
/// target marked, and a legend strip below. A cell that every layer kept shows its pixels unchanged.
/// </summary>
public sealed class Overlay
{
    private const int MinWidth = 480;
    private static readonly SKColor s_back = new(0x0D, 0x0F, 0x13);

    private Overlay(byte[] png, int width, int height) => (Png, Width, Height) = (png, width, height);

    /// <summary>The picture as a PNG file.</summary>
    public byte[] Png { get; }

    /// <summary>Width of the picture in pixels: the screenshot's, but at least 480.</summary>
    public int Width { get; }

    /// <summary>Height of the picture in pixels, with the legend.</summary>
    public int Height { get; }

    /// <summary>Draws one screenshot at its own size (small ones enlarged by a whole number) with the legend below.</summary>
    /// <exception cref="StarKvException">The shares do not fit the grid.</exception>
    public static Overlay Render(OverlayFrame frame, OverlayLegend legend) => Render([frame], legend);

    /// <summary>Draws the screenshots of a history, oldest first, in the grid that shows them largest, with one legend below.</summary>
    /// <exception cref="StarKvException">There is no frame, or the shares of one do not fit its grid.</exception>
    public static Overlay Render(IReadOnlyList<OverlayFrame> frames, OverlayLegend legend)
    {
        if (frames.Count == 0)
            throw new StarKvException("An overlay needs at least one frame.");
        foreach (var frame in frames)
            frame.Check();

        var layout = OverlayLayout.For([.. frames.Select(f => (f.Screenshot.Width, f.Screenshot.Height))]);
        var gap = frames.Count > 1 ? Math.Max(6, layout.TileWidth / 60) : 0;
        var content = layout.Columns * (layout.TileWidth + gap) + gap;
        var width = Math.Max(MinWidth, content);
        using var caption = new OverlayText(OverlayStrip.FontSize(width) * 0.9f, new SKColor(0xC8, 0xCE, 0xD8));
        var header = frames.Any(f => !string.IsNullOrEmpty(f.Caption)) ? (int)Math.Ceiling(caption.LineHeight * 1.15f) : 0;
        var rows = (frames.Count + layout.Columns - 1) / layout.Columns;
        using var strip = new OverlayStrip(legend, frames, width);
        var stripTop = rows * (header + layout.TileHeight + gap) + gap;

        using var surface = SKSurface.Create(new SKImageInfo(width, stripTop + strip.Height, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw new StarKvException($"An overlay of {width}×{stripTop + strip.Height} px is too large to draw. " +
                $"Render fewer frames at a time.");
        var canvas = surface.Canvas;
        canvas.Clear(s_back);
        for (var i = 0; i < frames.Count; i++)
        {
            var left = (width - content) / 2 + gap + i % layout.Columns * (layout.TileWidth + gap);
            var top = gap + i / layout.Columns * (header + layout.TileHeight + gap);
            if (frames[i].Caption is { } text)
                caption.Draw(canvas, text, left, top + header * 0.72f, layout.TileWidth);
            DrawFrame(canvas, frames[i], layout, left, top + header);
        }

        strip.Draw(canvas, stripTop);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100)
            ?? throw new StarKvMemoryException($"There is not enough memory for a picture of {width}×{stripTop + strip.Height} px. " +
                $"Render fewer frames at a time.");
        return new Overlay(png.ToArray(), width, stripTop + strip.Height);
    }

    /// <summary>Writes the picture to a file. It is complete or absent: a temporary file next to it is renamed.</summary>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, Png, "overlay");

    private static void DrawFrame(SKCanvas canvas, OverlayFrame frame, OverlayLayout layout, int left, int top)
    {
        var (width, height) = (OverlayLayout.Scaled(frame.Screenshot.Width, layout.Scale), OverlayLayout.Scaled(
            frame.Screenshot.Height, layout.Scale));
        var x = left + (layout.TileWidth - width) / 2;
        var place = SKRect.Create(x, top, width, height);
        using (var image = OverlayPixels.Paint(frame))
            canvas.DrawImage(
                image, place,
                layout.Scale >= 1 ? SKSamplingOptions.Default : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        OverlayMarks.DrawEdges(canvas, frame, place);
        canvas.Save();
        canvas.ClipRect(place);
        OverlayMarks.DrawMarks(canvas, frame, place);
        canvas.Restore();
    }
}
