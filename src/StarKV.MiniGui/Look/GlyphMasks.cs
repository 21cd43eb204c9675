using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>The masks of one font in one size, drawn by Skia when they are first wanted and kept. Safe to share between threads.</summary>
/// <remarks>
/// Skia's own cache of glyphs is one for the process, guarded by a lock that is
/// handed from thread to thread: sixty threads that draw text draw no more than
/// fourteen. It also holds fewer glyphs than all fonts and sizes have. What <see cref="Draw"/> writes equals what Skia would.
/// </remarks>
internal sealed class GlyphMasks(SKFont font, IReadOnlyList<float> advances)
{
    /// <summary>Skia places glyphs at quarters of a pixel and gives them one of eight contrasts, by how bright the ink is.</summary>
    private const int Quarters = 4, Contrasts = 8;

    private readonly GlyphMask?[] _masks = new GlyphMask?[Contrasts * advances.Count * Quarters];

    /// <summary>Draws a line of text.</summary>
    /// <param name="text">Printable ASCII.</param>
    /// <param name="pixels">The picture, RGBA rows of <paramref name="width"/> pixels.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="x">Where the first glyph's origin lies.</param>
    /// <param name="baseline">Row of the baseline.</param>
    /// <param name="ink">Opaque colour.</param>
    public void Draw(string text, Span<byte> pixels, int width, int x, int baseline, SKColor ink)
    {
        var contrast = Contrast(ink);
        var pen = 0f;
        foreach (var c in text)
        {
            // Rounded to the nearest quarter.
            var at = x + pen + 1f / (2 * Quarters);
            var column = MathF.Floor(at);
            Of(c, contrast, (int)((at - column) * Quarters)).Blend(pixels, width, (int)column, baseline, ink);
            pen += advances[c - Typesetter.First];
        }
    }

    private GlyphMask Of(char c, int contrast, int quarter)
    {
        ref var mask = ref _masks[(contrast * advances.Count + c - Typesetter.First) * Quarters + quarter];
        if (Volatile.Read(ref mask) is { } known)
            return known;
        // Two threads may draw it at the same time; both draw the same.
        var drawn = Render(c, contrast, quarter);
        Volatile.Write(ref mask, drawn);
        return drawn;
    }

    private GlyphMask Render(char c, int contrast, int quarter)
    {
        var side = 4 * (int)MathF.Ceiling(font.Size);
        var origin = side / 2;
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Alpha8, SKAlphaType.Premul));
        bitmap.Erase(SKColors.Transparent);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { IsAntialias = true, Color = Grey(contrast) })
            canvas.DrawText(c.ToString(), origin + quarter / (float)Quarters, origin, SKTextAlign.Left, font, paint);
        return GlyphMask.Cut(bitmap.GetPixelSpan(), bitmap.RowBytes, side, origin);
    }

    private static SKColor Grey(int contrast)
    {
        var level = (byte)(contrast * 256 / Contrasts);
        return new(level, level, level);
    }

    /// <summary>Which of the eight contrasts Skia gives to a colour: by the luminance of its channels' three highest bits.</summary>
    private static int Contrast(SKColor ink)
    {
        return (54 * Level(ink.Red) + 183 * Level(ink.Green) + 19 * Level(ink.Blue)) / 256 * Contrasts / 256;

        static int Level(byte channel)
        {
            var bits = channel >> 5;
            return (bits << 5) | (bits << 2) | (bits >> 1);
        }
    }
}
