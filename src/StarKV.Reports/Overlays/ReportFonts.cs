using SkiaSharp;

namespace StarKV.Reports.Overlays;

/// <summary>The embedded fonts of pictures: a server may have none. Source and licence: <c>Overlays/Fonts</c>.</summary>
public static class ReportFonts
{
    /// <summary>Roboto Regular, a new object with each call; the caller frees it.</summary>
    public static SKTypeface Regular() => Open("Roboto-Regular.ttf");

    /// <summary>Roboto Medium, a new object with each call; the caller frees it.</summary>
    public static SKTypeface Medium() => Open("Roboto-Medium.ttf");

    private static SKTypeface Open(string name)
    {
        using var stream = typeof(ReportFonts).Assembly.GetManifestResourceStream($"StarKV.Reports.Overlays.Fonts.{name}");
        return SKTypeface.FromStream(stream);
    }
}
