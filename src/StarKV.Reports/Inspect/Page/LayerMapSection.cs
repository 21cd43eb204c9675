using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>For each cache one small map per layer.</summary>
internal static class LayerMapSection
{
    public static Html Of(InspectionPage page) => page.Compressed.Count == 0 ? Html.None : Html.Of($"""
        <section aria-labelledby="layers"><h2 id="layers">Layer by layer</h2>
        <p>One map for each layer, one pixel for each cell{(page.Inspection.Screens.Count > 1
            ? ", the screenshots side by side, oldest first" : "")}: the share of the layer's heads that kept it. The number is the share
        of cells kept.</p>
        <ul class="legend"><li><span class="scale heat"></span> no head … all heads</li>
        {(page.Inspection.Target is null ? Html.None : Html.Of($"<li><span class=\"swatch box\"></span> known target</li>"))}</ul>
        {page.Compressed.Select(cache => Maps(page, cache))}
        </section>
        """);

    private static Html Maps(InspectionPage page, InspectedCache cache) => Html.Of($"""
        <h3>{cache.Compression.ToString()}</h3>
        <div class="maps" style="--frames:{page.Inspection.Screens.Count}">
        {Enumerable.Range(0, cache.Kept.Layers).Select(layer => Map(page.Inspection, cache, layer))}</div>

        """);

    private static Html Map(Inspection inspection, InspectedCache cache, int layer)
    {
        var frames = inspection.Prompt.Frames;
        var share = $"{frames.Sum(f => cache.Kept.Count(layer, f)) / frames.Sum(f => f.Length) * 100:0} %";
        var label = $"{cache.Compression}, layer {layer}: {share} of the cells kept";
        return LayerMap.Of(inspection, label, layer, share, token => Palette.Heat(cache.Kept.Share(layer, token)));
    }
}
