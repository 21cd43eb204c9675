using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>The embedded fonts; no font of the system is ever used. Sources and licences: Look/Fonts.</summary>
public static class Fonts
{
    /// <value>Smallest and largest size in pixels that <see cref="Get"/> accepts.</value>
    public const int MinSize = 11, MaxSize = 20;

    private static readonly string[] s_files =
    [
        "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "DejaVuSerif.ttf", "OpenSans-Semibold.ttf",
        "NotoSerif-Bold.ttf", "NotoSans-Italic.ttf", "Inter-Medium.otf", "ComicNeue-Bold.otf",
    ];

    private static readonly Lazy<Typesetter>[][] s_sets = [.. s_files.Select(file =>
    {
        var typeface = new Lazy<SKTypeface>(() => Load(file));
        return Enumerable.Range(MinSize, MaxSize - MinSize + 1)
            .Select(size => new Lazy<Typesetter>(() => new(typeface.Value, size)))
            .ToArray();
    })];

    /// <value>The fonts' names.</value>
    public static IReadOnlyList<string> Names { get; } = [.. s_files.Select(f => Path.GetFileNameWithoutExtension(f))];

    /// <summary>A font by its place in <see cref="Names"/>, in a size of <see cref="MinSize"/> to <see cref="MaxSize"/> pixels.</summary>
    public static Typesetter Get(int font, int size) => s_sets[font][size - MinSize].Value;

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(Fonts).Assembly.GetManifestResourceStream($"StarKV.MiniGui.Look.Fonts.{file}");
        return SKTypeface.FromStream(stream);
    }
}
