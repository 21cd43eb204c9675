namespace StarKV.Inspect.Page;

/// <summary>What one cache holds and another does not, pair by pair.</summary>
internal static class DifferenceSection
{
    public static Html Of(InspectionPage page)
    {
        var pairs = CacheDifference.Pairs(page.Inspection, page.Difference).ToList();
        if (pairs.Count == 0)
            return Html.None;
        var shown = pairs.FindIndex(p => p == (page.Difference ?? pairs[0]));
        return Html.Of($"""
            <section aria-labelledby="difference"><h2 id="difference">Difference between two caches</h2>
            <p>Head by head, layer by layer: which cells one of the two keeps and the other drops.</p>
            <p class="choose"><label>Compare <select id="pair">{pairs.Select((p, i) => Html.Of($"<option value=\"{i}\"{(i == shown ? new Html(" selected") : Html.None)}>{Name(page, p.First)} and {Name(page, p.Second)}</option>"))}</select></label></p>
            {pairs.Select((p, i) => Pair(page, p, i == shown))}
            </section>
            """);
    }

    private static Html Pair(InspectionPage page, (int First, int Second) pair, bool shown)
    {
        var (inspection, caches) = (page.Inspection, page.Inspection.Caches);
        var difference = CacheDifference.Between(caches[pair.First].Kept, caches[pair.Second].Kept);
        return Html.Of($"""
            <figure class="pair{(shown ? " shown" : "")}"><div class="frames">{inspection.Screens.Select((_, i) => Picture(inspection, difference, i, $"cells kept by {Name(page, pair.First)} and by {Name(page, pair.Second)}"))}</div>
            <figcaption><ul class="legend"><li><span class="swatch" style="background:{Palette.First.Css()}"></span> only <strong>{Name(page, pair.First)}</strong>: {Tokens(difference.OnlyFirst)}</li><li><span class="swatch" style="background:{Palette.Second.Css()}"></span> only <strong>{Name(page, pair.Second)}</strong>: {Tokens(difference.OnlySecond)}</li><li><span class="swatch both"></span> both (the screenshot as it is): {Tokens(difference.Both)}</li><li><span class="swatch none"></span> neither</li></ul>
            <p>Tokens of the whole prompt, text included, the mean over layers and heads. Both hold {Numbers.Percent(difference.Overlap)} of what either holds.</p></figcaption></figure>

            """);
    }

    private static Html Picture(Inspection inspection, CacheDifference difference, int frame, string label)
    {
        var span = inspection.Prompt.Frames[frame];
        var cover = CellImage.Of(span.Rows, span.Columns, cell => Palette.Difference(
            difference.OnlyFirst[span.Start + cell], difference.OnlySecond[span.Start + cell], difference.Both[span.Start + cell]));
        return ScreenPicture.Of(inspection.Screens, frame, cover, label, inspection.Target);
    }

    private static string Name(InspectionPage page, int cache) => page.Inspection.Caches[cache].Compression.ToString();

    private static string Tokens(IReadOnlyList<float> shares) => $"{Numbers.Count(shares.Sum())} tokens";
}
