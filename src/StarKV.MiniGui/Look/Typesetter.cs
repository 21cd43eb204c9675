using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>One font in one size: how wide words are and where their ink lies. Printable ASCII only. Thread-safe.</summary>
public sealed class Typesetter
{
    internal const int First = 32;
    private const int Count = 95;
    private readonly float[] _advances;
    private readonly SKRect[] _ink;

    internal Typesetter(SKTypeface typeface, int size)
    {
        Font = new SKFont(typeface, size)
        {
            Edging = SKFontEdging.Antialias,
            Hinting = SKFontHinting.None,
            Subpixel = true,
            BaselineSnap = true,
        };
        var glyphs = Font.GetGlyphs(new string([.. Enumerable.Range(First, Count).Select(c => (char)c)]));
        _advances = Font.GetGlyphWidths(glyphs, out _ink);
        Masks = new GlyphMasks(Font, _advances);
        var metrics = Font.Metrics;
        Ascent = (int)MathF.Ceiling(-metrics.Ascent);
        LineHeight = Ascent + (int)MathF.Ceiling(metrics.Descent);
    }

    /// <value>Pixels from the top of a line to its baseline.</value>
    public int Ascent { get; }

    /// <value>Pixels from the top of a line to its end.</value>
    public int LineHeight { get; }

    internal SKFont Font { get; }

    internal GlyphMasks Masks { get; }

    /// <summary>Width of a line in whole pixels, rounded up.</summary>
    public int Measure(string text) => (int)MathF.Ceiling(Advance(text));

    /// <summary>The tight boxes of a line's words.</summary>
    /// <param name="text">The line; words are separated by single blanks.</param>
    /// <param name="x">Left end of the line in pixels.</param>
    /// <param name="y">Top of the line in pixels.</param>
    public IEnumerable<(string Word, Box Ink)> Words(string text, int x, int y)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf(' ', start) is var blank and >= 0 ? blank : text.Length;
            if (end > start)
                yield return (text[start..end], Ink(text, start, end, x, y));
            start = end + 1;
        }
    }

    private Box Ink(string text, int start, int end, int x, int y)
    {
        var pen = x + Advance(text.AsSpan(0, start));
        var left = float.MaxValue;
        var top = float.MaxValue;
        var right = float.MinValue;
        var bottom = float.MinValue;
        for (var i = start; i < end; i++)
        {
            var ink = _ink[text[i] - First];
            (left, right) = (Math.Min(left, pen + ink.Left), Math.Max(right, pen + ink.Right));
            (top, bottom) = (Math.Min(top, ink.Top), Math.Max(bottom, ink.Bottom));
            pen += _advances[text[i] - First];
        }

        var (x0, y0) = ((int)MathF.Floor(left), (int)MathF.Floor(y + Ascent + top));
        return new(x0, y0, (int)MathF.Ceiling(right) - x0, (int)MathF.Ceiling(y + Ascent + bottom) - y0);
    }

    private float Advance(ReadOnlySpan<char> text)
    {
        var width = 0f;
        foreach (var c in text)
            width += _advances[c - First];
        return width;
    }
}
