using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>How much of the target each layer still holds; absent when no target is known.</summary>
internal static class SurvivalSection
{
    public static Html Of(InspectionPage page)
    {
        if (page.Inspection.Target is not { } box)
            return Html.None;
        var layers = page.Inspection.Caches[0].Kept.Layers;
        return Html.Of($"""
            <section aria-labelledby="survival"><h2 id="survival">Target survival</h2>
            <p>The share of the target's cells ({box.Width:0.#}×{box.Height:0.#} px at {box.Left:0.#},{box.Top:0.#}) that each layer still
            holds, the mean over its heads.</p>
            <ul class="legend"><li><span class="scale heat"></span> 0 % … 100 %</li></ul>
            <div class="scroll" role="region" aria-labelledby="survival" tabindex="0"><table class="heat">
            <caption>Percent of the target's cells kept, layer by layer from the first (0) to the last.</caption>
            <thead><tr><th scope="col">method</th>
            {Enumerable.Range(0, layers).Select(l => Html.Of($"<th scope=\"col\" class=\"n\">{l}</th>"))}<th scope="col" class="n">mean</th>
            </tr></thead>
            <tbody>{page.Inspection.Caches.Select(Row)}</tbody>
            </table></div></section>
            """);
    }

    private static Html Row(InspectedCache cache) => Html.Of($"""
        <tr><th scope="row">{cache.Compression.ToString()}</th>
        {cache.Survival!.Layers.Select(Cell)}<td class="n"><strong>{cache.Survival.Mean * 100:0}</strong></td></tr>

        """);

    // The bright half of the scale wants dark letters.
    private static Html Cell(double share) => Html.Of(
        $"""<td class="n" style="background:{Palette.Heat(share).Css()};color:{(share > 0.6 ? "#111" : "#fff")}">{share * 100:0}</td>""");
}
