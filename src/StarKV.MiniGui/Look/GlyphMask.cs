using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>How much of each pixel a glyph covers, 0–255.</summary>
/// <param name="Left">Columns from the glyph's origin to the mask.</param>
/// <param name="Top">Rows from the baseline to it.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Coverage">[rows, Width].</param>
internal sealed record GlyphMask(int Left, int Top, int Width, byte[] Coverage)
{
    /// <summary>The part of a square picture that is not empty.</summary>
    public static GlyphMask Cut(ReadOnlySpan<byte> square, int stride, int side, int origin)
    {
        var left = side;
        var top = side;
        var right = 0;
        var bottom = 0;
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                if (square[y * stride + x] != 0)
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
        if (right == 0)
            return new GlyphMask(0, 0, 0, []);
        var coverage = new byte[(right - left) * (bottom - top)];
        for (var y = top; y < bottom; y++)
            square.Slice(y * stride + left, right - left).CopyTo(coverage.AsSpan((y - top) * (right - left)));
        return new GlyphMask(left - origin, top - origin, right - left, coverage);
    }

    /// <summary>Lays ink over a picture of RGBA rows, as thick as the mask says; what is outside is left out.</summary>
    /// <param name="pixels">The picture.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="x">Column of the glyph's origin.</param>
    /// <param name="baseline">Row of the baseline.</param>
    /// <param name="ink">Opaque colour.</param>
    public void Blend(Span<byte> pixels, int width, int x, int baseline, SKColor ink)
    {
        var (height, left) = (pixels.Length / (4 * width), x + Left);
        var (from, to) = (Math.Max(0, -left), Math.Min(Width, width - left));
        if (from >= to)
            return;
        for (var row = 0; row < Coverage.Length / Width; row++)
        {
            var y = baseline + Top + row;
            if (y < 0 || y >= height)
                continue;
            var coverage = Coverage.AsSpan(row * Width + from, to - from);
            var under = pixels.Slice(4 * (y * width + left + from), 4 * coverage.Length);
            for (var i = 0; i < coverage.Length; i++)
            {
                var share = coverage[i];
                if (share == 0)
                    continue;
                under[4 * i] = Over(ink.Red, under[4 * i], share);
                under[4 * i + 1] = Over(ink.Green, under[4 * i + 1], share);
                under[4 * i + 2] = Over(ink.Blue, under[4 * i + 2], share);
            }
        }
    }

    /// <summary>As Skia rounds it.</summary>
    private static byte Over(int ink, int under, int share) => (byte)((ink * share + under * (255 - share) + 255) >> 8);
}
