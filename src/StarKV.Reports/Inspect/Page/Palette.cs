using SkiaSharp;

namespace StarKV.Reports.Inspect.Page;

/// <summary>The page's colours that carry meaning. Bright is kept, dark is dropped, in every picture.</summary>
internal static class Palette
{
    private static readonly SKColor[] s_ramp = [new(0x16, 0x21, 0x3A), new(0xB0, 0x48, 0x6A), new(0xFF, 0xD1, 0x66)];

    /// <summary>What only the first of two caches holds.</summary>
    public static SKColor First { get; } = new(0xFF, 0x8C, 0x1A);

    /// <summary>What only the second of two caches holds.</summary>
    public static SKColor Second { get; } = new(0x3D, 0x8B, 0xFD);

    // Lighter than black, so that dropped cells of a dark screenshot show too.
    private static readonly SKColor s_dropped = new(0x27, 0x31, 0x45);
    private static readonly SKColor s_both = new(0xF6, 0xF4, 0xEE);
    private const float Cover = 0.88f, Tint = 0.8f;

    /// <summary>The cover of a cell on a screenshot: none where every head kept it.</summary>
    /// <param name="kept">Share of heads that kept it, 0–1.</param>
    public static SKColor Dropped(float kept) => s_dropped.WithAlpha(Byte((1 - kept) * Cover * 255));

    /// <summary>The cover of a cell of which two caches hold shares: none where both hold it, tinted where one does.</summary>
    public static SKColor Difference(float first, float second, float both) =>
        Mix((First, first * Tint), (Second, second * Tint), (s_dropped, Math.Max(0, 1 - first - second - both) * Cover));

    /// <summary>The colour of a cell of which two caches hold shares, in maps without a screenshot.</summary>
    public static SKColor Held(float first, float second, float both) =>
        Mix((First, first), (Second, second), (s_both, both), (s_dropped, Math.Max(0, 1 - first - second - both)));

    /// <summary>The colour of a share in heat maps, 0–1: dark blue, red, bright yellow.</summary>
    public static SKColor Heat(double share)
    {
        var at = Math.Clamp(share, 0, 1) * (s_ramp.Length - 1);
        var (from, part) = (Math.Min((int)at, s_ramp.Length - 2), (float)(at - Math.Min((int)at, s_ramp.Length - 2)));
        return Mix((s_ramp[from], 1 - part), (s_ramp[from + 1], part));
    }

    /// <summary>The colour as CSS writes it.</summary>
    public static string Css(this SKColor colour) => $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";

    /// <summary>The colours in these amounts; where they do not come to 1, the rest is transparent.</summary>
    private static SKColor Mix(params ReadOnlySpan<(SKColor Colour, float Amount)> parts)
    {
        var (red, green, blue, sum) = (0f, 0f, 0f, 1e-9f);
        foreach (var (colour, amount) in parts)
            (red, green, blue, sum) = (red + colour.Red * amount, green + colour.Green * amount, blue + colour.Blue * amount, sum + amount);
        return new SKColor(Byte(red / sum), Byte(green / sum), Byte(blue / sum), Byte(sum * 255));
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
