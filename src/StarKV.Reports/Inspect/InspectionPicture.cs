using SkiaSharp;
using StarKV.Files;
using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;

namespace StarKV.Reports.Inspect;

/// <summary>
/// An inspection as one small picture: the newest screenshot as each cache holds it, three in a row, with the click of its answer. A cell
/// is the brighter the more of the layers' heads kept it, by the square root of their share, so that few can be seen. Stateless; call it
/// from any thread.
/// </summary>
public static class InspectionPicture
{
    private const int MostColumns = 3, TileWidth = 420, Gap = 10;
    private const float FontSize = 15;
    private const string Legend =
        "The brighter a cell, the more layers keep it; dark ones are dropped by all. Cross: the click; box: the right answer.";

    private static readonly SKColor s_back = new(0x0D, 0x0F, 0x13), s_text = new(0xE6, 0xED, 0xF3), s_faint = new(0xA0, 0xA8, 0xB4);

    /// <summary>Draws the picture.</summary>
    /// <param name="inspection">What is shown; caches in its order, those that keep everything first.</param>
    /// <returns>A PNG file, at most 1,300 pixels wide.</returns>
    /// <exception cref="StarKvMemoryException">There is not enough memory for it.</exception>
    public static byte[] Png(Inspection inspection)
    {
        ArgumentNullException.ThrowIfNull(inspection);
        var caches = inspection.Caches.OrderByDescending(cache => cache.Compression.KeepsEverything).ToList();
        var screen = inspection.Screens[^1];
        var scale = Math.Min(1, (float)TileWidth / screen.Width);
        var (width, height) = ((int)MathF.Round(screen.Width * scale), (int)MathF.Round(screen.Height * scale));
        var columns = Math.Min(MostColumns, caches.Count);
        using var strong = new OverlayText(FontSize, s_text, strong: true);
        using var faint = new OverlayText(FontSize * 0.9f, s_faint);
        var head = (int)Math.Ceiling(strong.LineHeight + faint.LineHeight + 4);
        var rows = (caches.Count + columns - 1) / columns;
        var (all, top) = (columns * (width + Gap) + Gap, rows * (head + height + Gap));
        var below = (int)Math.Ceiling(strong.LineHeight + faint.LineHeight + Gap);

        using var surface = SKSurface.Create(new SKImageInfo(all, top + below, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw NoMemory();
        var canvas = surface.Canvas;
        canvas.Clear(s_back);
        foreach (var (i, cache) in caches.Index())
        {
            var (x, y) = (Gap + i % columns * (width + Gap), i / columns * (head + height + Gap));
            strong.Draw(canvas, $"{cache.Compression}", x, y + strong.LineHeight, width);
            faint.Draw(canvas, Result(cache), x, y + strong.LineHeight + faint.LineHeight, width);
            DrawPanel(canvas, Frame(inspection, cache), SKRect.Create(x, y + head, width, height));
        }

        strong.Draw(canvas, inspection.Instruction, Gap, top + strong.LineHeight * 0.8f, all - 2 * Gap);
        faint.Draw(canvas, Legend, Gap, top + strong.LineHeight * 0.8f + faint.LineHeight, all - 2 * Gap);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100) ?? throw NoMemory();
        return png.ToArray();
    }

    /// <summary>Writes the picture to a file, which is complete or absent.</summary>
    /// <inheritdoc cref="Png"/>
    /// <param name="inspection">What is shown; caches in its order, those that keep everything first.</param>
    /// <param name="path">Where it goes; an older file there is replaced.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public static void Save(Inspection inspection, string path) => AtomicFile.Write(path, Png(inspection), "picture");

    private static OverlayFrame Frame(Inspection inspection, InspectedCache cache) =>
        new(inspection.Screens[^1], cache.Answer.Grids[^1], [.. cache.Answer.Kept.Frames[^1].Select(MathF.Sqrt)])
        {
            KnownBox = inspection.Target,
            Targets = cache.Answer.Point is { } point ? [(point.X, point.Y)] : [],
        };

    private static void DrawPanel(SKCanvas canvas, OverlayFrame frame, SKRect place)
    {
        using var image = OverlayPixels.Paint(frame);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        OverlayMarks.DrawEdges(canvas, frame, place);
        canvas.Save();
        canvas.ClipRect(place);
        OverlayMarks.DrawMarks(canvas, frame, place);
        canvas.Restore();
    }

    private static string Result(InspectedCache cache)
    {
        var click = cache.Answer.Point is null ? "no click" : cache.PointsInside switch
        {
            true => "clicks the target",
            false => "clicks elsewhere",
            null => "a click",
        };
        return $"{Numbers.Percent(cache.Answer.Kv.KeptShare)} of the bytes, {click}";
    }

    private static StarKvMemoryException NoMemory() =>
        new("There is not enough memory for a picture of the inspection; inspect fewer caches.");
}
