namespace StarKV.Reports.Overlays;

/// <summary>Where the frames of an overlay go: one alone in its own pixels, several in a grid that shows them largest.</summary>
/// <param name="Columns">Frames side by side.</param>
/// <param name="Scale">Picture pixels for one screenshot pixel; a whole number when above 1, so pixels stay sharp.</param>
/// <param name="TileWidth">Width of the widest frame in picture pixels.</param>
/// <param name="TileHeight">Height of the highest frame in picture pixels.</param>
internal readonly record struct OverlayLayout(int Columns, double Scale, int TileWidth, int TileHeight)
{
    private const int MaxWidth = 1920, MaxHeight = 1440, SmallWidth = 680;

    /// <summary>Chooses the grid for frames of these sizes in pixels.</summary>
    public static OverlayLayout For(IReadOnlyList<(int Width, int Height)> frames)
    {
        var (width, height) = (frames.Max(f => f.Width), frames.Max(f => f.Height));
        // Small pictures are enlarged: the legend needs room, and so do eyes.
        var most = Math.Max(1, SmallWidth / width);
        var (columns, scale) = (1, (double)most);
        if (frames.Count > 1)
            (columns, scale) = Enumerable.Range(1, frames.Count)
                .Select(c => (c, Math.Min((double)MaxWidth / (c * width), MaxHeight / (Math.Ceiling((double)frames.Count / c) * height))))
                .MaxBy(option => option.Item2);
        scale = scale >= 1 ? Math.Min(Math.Floor(scale), most) : scale;
        return new OverlayLayout(columns, scale, Scaled(width, scale), Scaled(height, scale));
    }

    /// <summary>A length of a screenshot in picture pixels, at least 1.</summary>
    public static int Scaled(int length, double scale) => Math.Max(1, (int)Math.Round(length * scale));
}
