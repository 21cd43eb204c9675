using StarKV.Input;

namespace StarKV.Inspect.Page;

/// <summary>For each cache one small map a layer.</summary>
internal static class LayerMapSection
{
    public static Html Of(InspectionPage page) => page.Compressed.Count == 0 ? Html.None : Html.Of($"""
        <section aria-labelledby="layers"><h2 id="layers">Layer by layer</h2>
        <p>One map for each layer, one pixel for each cell{(page.Inspection.Screens.Count > 1 ? ", the screenshots side by side, oldest first" : "")}: the share of the layer's heads that kept it. The number is the share of cells kept.</p>
        <ul class="legend"><li><span class="scale heat"></span> no head … all heads</li>{(page.Inspection.Target is null ? Html.None : Html.Of($"<li><span class=\"swatch box\"></span> known target</li>"))}</ul>
        {page.Compressed.Select(cache => Maps(page, cache))}
        </section>
        """);

    private static Html Maps(InspectionPage page, InspectedCache cache) => Html.Of($"""
        <h3>{cache.Compression.ToString()}</h3>
        <div class="maps" style="--frames:{page.Inspection.Screens.Count}">{Enumerable.Range(0, cache.Kept.Layers).Select(layer => Map(page.Inspection, cache, layer))}</div>

        """);

    private static Html Map(Inspection inspection, InspectedCache cache, int layer)
    {
        var (frames, kept) = (inspection.Prompt.Frames, cache.Kept);
        var share = frames.Sum(f => kept.Count(layer, f)) / frames.Sum(f => f.Length);
        var (width, pictures) = (0, new List<Html>());
        foreach (var frame in frames)
        {
            var image = CellImage.Of(frame.Rows, frame.Columns, cell => Palette.Heat(kept.Share(layer, frame.Start + cell)));
            pictures.Add(Html.Of($"""<image class="cells" x="{width}" width="{frame.Columns}" height="{frame.Rows}" href="{image}"/>"""));
            width += frame.Columns + 1;
        }

        return Html.Of($"""
            <figure><svg viewBox="0 0 {width - 1} {frames.Max(f => f.Rows)}" role="img" aria-label="{cache.Compression.ToString()}, layer {layer}: {Numbers.Percent(share)} of the cells kept">{pictures}{ScreenPicture.Box(InCells(inspection, width - 1))}</svg><figcaption>{layer} <span>{Numbers.Percent(share)}</span></figcaption></figure>
            """);
    }

    /// <summary>The target in cells of the last screenshot, which ends at <paramref name="right"/>.</summary>
    private static PixelBox? InCells(Inspection inspection, int right)
    {
        if (inspection.Target is not { } box)
            return null;
        var (frame, screen) = (inspection.Prompt.Frames[^1], inspection.Screens[^1]);
        var (sx, sy, left) = ((double)frame.Columns / screen.Width, (double)frame.Rows / screen.Height, right - frame.Columns);
        return new PixelBox(left + box.Left * sx, box.Top * sy, left + box.Right * sx, box.Bottom * sy);
    }
}
