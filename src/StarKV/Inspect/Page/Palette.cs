using SkiaSharp;

namespace StarKV.Inspect.Page;

/// <summary>The page's colours that carry meaning. Bright is kept, dark is dropped, in every picture.</summary>
internal static class Palette
{
    private static readonly SKColor[] _ramp = [new(0x16, 0x21, 0x3A), new(0xB0, 0x48, 0x6A), new(0xFF, 0xD1, 0x66)];

    /// <summary>What only the first of two caches holds.</summary>
    public static SKColor First { get; } = new(0xFF, 0x8C, 0x1A);

    /// <summary>What only the second of two caches holds.</summary>
    public static SKColor Second { get; } = new(0x3D, 0x8B, 0xFD);

    // Lighter than black, so that dropped cells of a dark screenshot show too.
    private static readonly SKColor _dropped = new(0x27, 0x31, 0x45);
    private const float Cover = 0.86f, Tint = 0.6f;

    /// <summary>The cover of a cell on a screenshot: none where every head kept it.</summary>
    /// <param name="kept">Share of heads that kept it, 0–1.</param>
    public static SKColor Dropped(float kept) => _dropped.WithAlpha(Byte((1 - kept) * Cover * 255));

    /// <summary>The cover of a cell of which two caches hold shares: none where both hold it, tinted where one does.</summary>
    public static SKColor Difference(float first, float second, float both)
    {
        var (a, b, none) = (first * Tint, second * Tint, Math.Max(0, 1 - first - second - both) * Cover);
        var alpha = a + b + none;
        return alpha < 1e-6f ? default : new SKColor(Mix(c => c.Red), Mix(c => c.Green), Mix(c => c.Blue), Byte(alpha * 255));

        byte Mix(Func<SKColor, byte> channel) => Byte((a * channel(First) + b * channel(Second) + none * channel(_dropped)) / alpha);
    }

    /// <summary>The colour of a share in heat maps, 0–1: dark blue, red, bright yellow.</summary>
    public static SKColor Heat(double share)
    {
        var at = Math.Clamp(share, 0, 1) * (_ramp.Length - 1);
        var (from, part) = (Math.Min((int)at, _ramp.Length - 2), (float)(at - Math.Min((int)at, _ramp.Length - 2)));
        var (low, high) = (_ramp[from], _ramp[from + 1]);
        return new SKColor(Mix(low.Red, high.Red), Mix(low.Green, high.Green), Mix(low.Blue, high.Blue));

        byte Mix(byte a, byte b) => Byte(a + (b - a) * part);
    }

    /// <summary>The colour as CSS writes it.</summary>
    public static string Css(this SKColor colour) => $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
