using System.Globalization;
using System.Text;
using SkiaSharp;

namespace StarKV.Reports.Overlays;

/// <summary>One line of text in the embedded font. Characters it lacks come from a system font where there is one, else as boxes.</summary>
internal sealed class OverlayText : IDisposable
{
    private const char Ellipsis = '…';
    private static readonly Lazy<SKTypeface> s_regular = new(() => ReportFonts.Regular());
    private static readonly Lazy<SKTypeface> s_medium = new(() => ReportFonts.Medium());
    private readonly SKFont _font;
    private readonly SKPaint _paint;

    /// <summary>Prepares text of a size in pixels and a colour.</summary>
    public OverlayText(float size, SKColor colour, bool strong = false)
    {
        _font = new SKFont(strong ? s_medium.Value : s_regular.Value, size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        _paint = new SKPaint { Color = colour, IsAntialias = true };
    }

    /// <summary>Distance from one baseline to the next, in pixels.</summary>
    public float LineHeight => _font.Size * 1.45f;

    /// <summary>Width of a line in pixels.</summary>
    public float Measure(string text) => Runs(text).Sum(run => Width(run.Text, run.Typeface));

    /// <summary>Draws a line from its left end on the baseline, shortened with an ellipsis to <paramref name="width"/> pixels.</summary>
    public void Draw(SKCanvas canvas, string text, float x, float baseline, float width)
    {
        foreach (var (part, typeface) in Runs(Shorten(OneLine(text), width)))
        {
            using var font = WithTypeface(typeface);
            canvas.DrawText(part, x, baseline, SKTextAlign.Left, font, _paint);
            x += font.MeasureText(part);
        }
    }

    /// <summary>Cuts whole characters off the end until the text and an ellipsis fit.</summary>
    public string Shorten(string text, float width)
    {
        if (Measure(text) <= width)
            return text;
        var starts = StringInfo.ParseCombiningCharacters(text);
        var (fits, fails) = (0, starts.Length);
        while (fits + 1 < fails)
        {
            var middle = (fits + fails) / 2;
            if (Measure(text[..starts[middle]].TrimEnd() + Ellipsis) <= width)
                fits = middle;
            else
                fails = middle;
        }

        return fits == 0 ? "" : text[..starts[fits]].TrimEnd() + Ellipsis;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _font.Dispose();
        _paint.Dispose();
    }

    // A model may answer with pages; more than this never fits on a line.
    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length > 2000)
                break;
            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private IEnumerable<(string Text, SKTypeface Typeface)> Runs(string text)
    {
        var (run, current) = (new StringBuilder(), _font.Typeface);
        foreach (var rune in text.EnumerateRunes())
        {
            var typeface = _font.ContainsGlyph(rune.Value) || Rune.IsWhiteSpace(rune)
                ? _font.Typeface
                : SKFontManager.Default.MatchCharacter(rune.Value) ?? _font.Typeface;
            if (typeface.Handle != current.Handle && run.Length > 0)
            {
                yield return (run.ToString(), current);
                run.Clear();
            }

            current = typeface;
            run.Append(rune);
        }

        if (run.Length > 0)
            yield return (run.ToString(), current);
    }

    private float Width(string text, SKTypeface typeface)
    {
        using var font = WithTypeface(typeface);
        return font.MeasureText(text);
    }

    private SKFont WithTypeface(SKTypeface typeface) =>
        new(typeface, _font.Size) { Edging = SKFontEdging.Antialias, Subpixel = true };
}
