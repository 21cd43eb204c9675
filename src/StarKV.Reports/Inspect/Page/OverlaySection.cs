using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>The screenshots as each cache holds them, side by side.</summary>
internal static class OverlaySection
{
    public static Html Of(InspectionPage page) => Html.Of($"""
        <section aria-labelledby="overlays"><h2 id="overlays">What each cache holds of the screen</h2>
        <p>A cell is as bright as the share of all layers' heads that kept it.</p>
        <ul class="legend"><li><span class="scale cover"></span> dropped by all … kept by all</li>
        {(page.Inspection.Target is null ? Html.None : Html.Of($"<li><span class=\"swatch box\"></span> known target</li>"))}
        <li>{ScreenPicture.CrossKey} where the answer points</li></ul>
        <div class="overlays" style="--frames:{page.Inspection.Screens.Count}">
        {page.Inspection.Caches.Select(cache => Figure(page, cache))}</div>
        </section>
        """);

    private static Html Figure(InspectionPage page, InspectedCache cache)
    {
        var (screens, vision) = (page.Inspection.Screens, cache.Answer.Kept.Frames.Sum(f => f.Count));
        var share = cache.Answer.Kept.Frames.Sum(f => f.Sum(s => (double)s)) / vision;
        return Html.Of($"""
            <figure><div class="frames">{screens.Select((_, i) => Picture(page, cache, i))}</div>
            <figcaption><strong>{cache.Compression.ToString()}</strong><br/>
            {Numbers.Percent(share)} of the cells{Verdict(cache)}</figcaption></figure>

            """);
    }

    private static Html Verdict(InspectedCache cache) => cache.PointsInside switch
    {
        null => Html.None,
        true => Html.Of($", <span class=\"yes\">✓ click inside</span>"),
        false when cache.Answer.Point is null => Html.Of($", <span class=\"no\">✗ no click</span>"),
        false => Html.Of($", <span class=\"no\">✗ click outside</span>"),
    };

    private static Html Picture(InspectionPage page, InspectedCache cache, int frame)
    {
        var (grid, shares) = (page.Inspection.Prompt.Frames[frame].Grid, cache.Answer.Kept.Frames[frame]);
        var label = $"{cache.Compression}: screenshot {frame + 1} of {page.Inspection.Screens.Count}, " +
            $"{Numbers.Percent(shares.Average())} of the cells kept";
        return ScreenPicture.Of(
            page.Inspection.Screens, frame, CellImage.Of(grid.Rows, grid.Columns, c => Palette.Dropped(shares[c])), label,
            page.Inspection.Target, cache.Answer.Point);
    }
}
