using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

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
            <p>Head by head: which cells one of the two keeps and the other drops. On the left all layers together, the screenshot as it is
            where both keep a cell; on the right each layer, with the share of tokens that both hold of those that either holds.</p>
            <p class="choose"><label>Compare <select id="pair">{pairs.Select((p, i) => Choice(page, p, i, i == shown))}</select></label></p>
            {pairs.Select((p, i) => Pair(page, p, i == shown))}
            </section>
            """);
    }

    private static Html Choice(InspectionPage page, (int First, int Second) pair, int index, bool shown)
    {
        var selected = shown ? new Html(" selected=\"\"") : Html.None;
        return Html.Of($"<option value=\"{index}\"{selected}>{Name(page, pair.First)} and {Name(page, pair.Second)}</option>");
    }

    private static Html Pair(InspectionPage page, (int First, int Second) pair, bool shown)
    {
        var (inspection, first, second) = (page.Inspection, page.Inspection.Caches[pair.First].Kept,
            page.Inspection.Caches[pair.Second].Kept);
        var (difference, names) = (CacheDifference.Between(first, second), $"{Name(page, pair.First)} and {Name(page, pair.Second)}");
        return Html.Of($"""
            <div class="pair{(shown ? " shown" : "")}"><div class="frames">
            {inspection.Screens.Select((_, i) => Picture(inspection, difference, i, $"cells kept by {names}"))}</div>
            <div><ul class="legend">
            <li><span class="swatch" style="background:{Palette.First.Css()}"></span> <span>only <strong>{Name(page, pair.First)}</strong>:
            {Tokens(difference.OnlyFirst)}</span></li><li><span class="swatch" style="background:{Palette.Second.Css()}"></span> <span>only
            <strong>{Name(page, pair.Second)}</strong>: {Tokens(difference.OnlySecond)}</span></li><li><span class="swatch both"></span>
            both: {Tokens(difference.Both)}</li><li><span class="swatch none"></span> neither</li></ul>
            <p>Tokens of the whole prompt, text included, the mean over layers and heads. Both hold {Numbers.Percent(difference.Overlap)} of
            what either holds.</p>
            <div class="maps" style="--frames:{inspection.Screens.Count}">
            {Enumerable.Range(0, first.Layers).Select(layer => Map(inspection, CacheDifference.OfLayer(first, second, layer), layer,
                names))}</div></div></div>

            """);
    }

    private static Html Map(Inspection inspection, CacheDifference difference, int layer, string names) => LayerMap.Of(
        inspection,
        $"layer {layer}: {names} share {Numbers.Percent(difference.Overlap)} of what either holds",
        layer,
        $"{difference.Overlap * 100:0} %",
        token => Palette.Held(difference.OnlyFirst[token], difference.OnlySecond[token], difference.Both[token]));

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
