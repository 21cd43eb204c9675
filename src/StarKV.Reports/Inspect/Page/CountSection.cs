using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>Kept tokens by kind of text, by screenshot and by layer.</summary>
internal static class CountSection
{
    public static Html Of(InspectionPage page)
    {
        var (prompt, groups) = (page.Inspection.Prompt, TokenGroup.Of(page.Inspection.Prompt));
        var most = page.Compressed.Select(c => c.Answer.Kv.RowsPerLayer.Max()).DefaultIfEmpty(prompt.Length).Max();
        return Html.Of($"""
            <section aria-labelledby="counts"><h2 id="counts">Kept tokens by kind</h2>
            <ul class="legend">{groups.Select(g => Html.Of($"<li><span class=\"swatch {g.Css}\"></span> {g.Name}</li>"))}</ul>
            <div class="scroll" role="region" aria-labelledby="counts" tabindex="0"><table>
            <caption>Tokens kept, the mean over layers and heads, and their share of the prompt's tokens of that
            kind.{(page.Inspection.Screens.Count > 1 ? " Frame 1 is the oldest screenshot." : "")}</caption>
            <thead><tr><th scope="col">method</th>
            {groups.Select(g => Html.Of($"<th scope=\"col\" class=\"n\">{g.Name}</th>"))}<th scope="col" class="n">all</th>
            <th scope="col" class="bar">mix</th></tr></thead>
            <tbody><tr><th scope="row">the prompt</th>
            {groups.Select(g => Html.Of($"<td class=\"n\">{g.Tokens.Count:N1} <small></small></td>"))}<td class="n">{prompt.Length:N1}</td>
            <td class="bar">{Bar(groups, g => g.Tokens.Count)}</td></tr>
            {page.Inspection.Caches.Select(c => Row(c, groups))}</tbody>
            </table></div>
            {(page.Compressed.Count == 0 ? Html.None : Html.Of($"""
                <h3>By layer</h3>
                <p>One column for each layer, the first one left; full height is {most} rows.</p>
                <div class="columns">{page.Compressed.Select(c => Columns(c, groups, most))}</div>
                <details><summary>The same in numbers</summary>
                <div class="scroll" tabindex="0" role="region" aria-label="kept tokens by layer"><table>
                <caption>Tokens kept by each layer, the mean over its heads.</caption>
                <thead><tr><th scope="col">method</th><th scope="col" class="n">layer</th>
                {groups.Select(g => Html.Of($"<th scope=\"col\" class=\"n\">{g.Name}</th>"))}<th scope="col" class="n">rows</th></tr>
                </thead>
                <tbody>{page.Compressed.Select(c => Html.Join(Enumerable.Range(0, c.Kept.Layers).Select(l => LayerRow(c, groups, l))))}
                </tbody></table></div></details>
                """))}
            </section>
            """);
    }

    private static Html Row(InspectedCache cache, IReadOnlyList<TokenGroup> groups)
    {
        var counts = groups.ToDictionary(g => g, g => cache.Kept.Mean(g.Tokens));
        return Html.Of($"""
            <tr><th scope="row">{cache.Compression.ToString()}</th>
            {groups.Select(Cell)}<td class="n">{Numbers.Count(cache.Answer.Kv.KeptTokens)}</td>
            <td class="bar">{Bar(groups, g => counts[g])}</td></tr>

            """);

        Html Cell(TokenGroup group) => Html.Of(
            $"<td class=\"n\">{Numbers.Count(counts[group])} <small>{Numbers.Percent(counts[group] / group.Tokens.Count)}</small></td>");
    }

    private static Html LayerRow(InspectedCache cache, IReadOnlyList<TokenGroup> groups, int layer) => Html.Of($"""
        <tr><th scope="row">{cache.Compression.ToString()}</th><td class="n">{layer}</td>
        {groups.Select(g => Html.Of($"<td class=\"n\">{Numbers.Count(cache.Kept.Count(layer, g.Tokens))}</td>"))}
        <td class="n">{cache.Answer.Kv.RowsPerLayer[layer]}</td></tr>

        """);

    /// <summary>The groups' shares of a sum, side by side.</summary>
    private static Html Bar(IReadOnlyList<TokenGroup> groups, Func<TokenGroup, double> count)
    {
        return Html.Of($"<span class=\"mix\">{groups.Select(g => Part(g, count(g)))}</span>");

        static Html Part(TokenGroup group, double tokens) => Html.Of(
            $"""<span class="{group.Css}" style="flex-grow:{tokens:0.##}" title="{group.Name}: {Numbers.Count(tokens)}"></span>""");
    }

    private static Html Columns(InspectedCache cache, IReadOnlyList<TokenGroup> groups, int most)
    {
        var bars = new List<Html>();
        for (var layer = 0; layer < cache.Kept.Layers; layer++)
        {
            var top = (double)most;
            foreach (var group in groups)
            {
                var count = cache.Kept.Count(layer, group.Tokens);
                top -= count;
                if (count > 0)
                {
                    bars.Add(Html.Of($"""
                        <rect class="{group.Css}" x="{layer * 10 + 1}" width="8" y="{top:0.##}" height="{count:0.##}">
                        <title>layer {layer}, {group.Name}: {Numbers.Count(count)}</title></rect>
                        """));
                }
            }
        }

        var (name, rows) = (cache.Compression.ToString(), Numbers.Span(cache.Answer.Kv.RowsPerLayer));
        return Html.Of($"""
            <figure><svg viewBox="0 0 {cache.Kept.Layers * 10} {most}" preserveAspectRatio="none" role="img"
            aria-label="{name}: rows by layer, {rows}">{bars}</svg><figcaption><strong>{name}</strong> {rows} rows</figcaption></figure>

            """);
    }
}
