using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;

namespace StarKV.Reports.Inspect.Page;

/// <summary>One row for each cache: what it holds, what it cost, and what the model answered from it.</summary>
internal static class SummarySection
{
    private static readonly Html s_targetHeads = new("""
        <th scope="col">in target</th><th scope="col" class="n">target kept, mean</th><th scope="col" class="n">least layer</th>
        """);

    public static Html Of(InspectionPage page)
    {
        var known = page.Inspection.Target is not null;
        return Html.Of($"""
            <section aria-labelledby="summary"><h2 id="summary">Summary</h2>
            <div class="scroll" role="region" aria-labelledby="summary" tabindex="0"><table class="summary">
            <caption>Rows are tokens kept, for every key/value head. Bytes are measured on the tensors. Selection is scoring, choosing and
            copying, all layers, measured in a second reading of the prompt.</caption>
            <thead><tr><th scope="col">method</th><th scope="col" class="n">keep</th><th scope="col" class="n">rows per layer</th>
            <th scope="col" class="n">bytes held</th><th scope="col" class="n">of full</th><th scope="col" class="n">selection</th>
            <th scope="col">answer</th>
            {(known ? s_targetHeads : Html.None)}</tr></thead>
            <tbody>{page.Inspection.Caches.Select(Row)}{page.Inspection.Failed.Select(f => Failed(f, known ? 8 : 5))}</tbody>
            </table></div></section>
            """);
    }

    private static Html Row(InspectedCache cache)
    {
        var (compression, answer) = (cache.Compression, cache.Answer);
        return Html.Of($"""
            <tr><th scope="row">{compression.Name}</th>
            <td class="n">{(compression.KeepsEverything ? "all" : compression.Budget.ToString())}</td>
            <td class="n">{Numbers.Span(answer.Kv.RowsPerLayer)}</td><td class="n">{OverlayLegend.Size(answer.Kv.Bytes)}</td>
            <td class="n">{Numbers.Percent(answer.Kv.KeptShare)}</td><td class="n">{Numbers.Milliseconds(answer.Times.Selection)}</td>
            <td title="{answer.Text}"><code>{answer.Action?.ToString(answer.Coordinates) ?? "no action"}</code></td>{Verdict(cache)}</tr>

            """);
    }

    private static Html Failed(FailedCache failed, int columns) => Html.Of($"""
        <tr><th scope="row">{failed.Compression.Name}</th>
        <td class="n">{(failed.Compression.KeepsEverything ? "all" : failed.Compression.Budget.ToString())}</td>
        <td class="failed" colspan="{columns}"><span class="no">✗ no cache</span> {failed.Error.Message}</td></tr>

        """);

    private static Html Verdict(InspectedCache cache) =>
        cache is not { PointsInside: { } inside, Survival: { } survival } ? Html.None : Html.Of(
        $"""
        <td class="{(inside ? "yes" : "no")}">{(inside ? "✓ yes" : "✗ no")}</td>
        <td class="n">{Numbers.Percent(survival.Mean)}</td><td class="n">{Numbers.Percent(survival.Least)}</td>
        """);
}
