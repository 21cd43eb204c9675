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
            <dl class="methods">{Methods.All.Where(m => used.Contains(m.Name)).Select(Entry)}</dl>
            </section>
            """);
    }

    private static Html Entry(MethodEntry method)
    {
        var paper = method.PaperLink is null ? "" : $" {method.Paper}";
        return Html.Of($"<div><dt>{method.Name}</dt><dd>{method.Summary}{paper}</dd></div>\n");
    }
}
