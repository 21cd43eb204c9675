using StarKV.Reports.Markup;
using StarKV.Score;

namespace StarKV.Reports.Inspect.Page;

/// <summary>The methods that were compared, with their papers.</summary>
internal static class MethodSection
{
    public static Html Of(InspectionPage page) => Html.Of($"""
        <section aria-labelledby="methods"><h2 id="methods">Methods</h2>
        <dl class="methods">
        {Methods.All.Where(m => page.Inspection.Caches.Any(c => c.Compression.Method.Name == m.Name)).Select(Entry)}</dl>
        </section>
        """);

    private static Html Entry(MethodEntry method) => Html.Of($"""
        <div><dt>{method.Name}</dt><dd>{method.Summary} {Paper(method.Paper)}</dd></div>

        """);

    private static Html Paper(string paper) => paper.StartsWith("arXiv ", StringComparison.Ordinal)
        ? Html.Of($"<a href=\"https://arxiv.org/abs/{paper[6..]}\" rel=\"noreferrer\">{paper}</a>")
        : Html.None;
}
