using StarKV.Reports.Markup;
using StarKV.Score;

namespace StarKV.Evaluation.Reports.Page;

/// <summary>The methods of the runs in a sentence each.</summary>
internal static class MethodList
{
    public static Html Of(ReportPage page)
    {
        var used = page.Runs.SelectMany(r => r.Plan.Methods).Select(m => ResultsPage.BaseOf(m) ?? m).ToHashSet();
        return Html.Of($"""
            <section aria-labelledby="methods"><h2 id="methods">Methods</h2>
            <dl class="methods">{Methods.All.Where(m => used.Contains(m.Name)).Select(m => Html.Of($"<div><dt>{m.Name}</dt><dd>{m.Summary}{(m.Paper.StartsWith("arXiv ", StringComparison.Ordinal) ? $" {m.Paper}" : "")}</dd></div>\n"))}</dl>
            </section>
            """);
    }
}
