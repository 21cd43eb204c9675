using StarKV.Reports.Inspect.Page;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Live;

/// <summary>Two requests of a session side by side: their numbers, and of each screenshot that both show what one keeps more of.</summary>
internal static class StepComparison
{
    public static Html Of(LiveStep first, LiveStep second, IReadOnlyDictionary<string, int> ids)
    {
        var rows = StepFacts.Of(first).Zip(StepFacts.Of(second)).Where(f => f.First.Value.Length + f.Second.Value.Length > 0);
        return Html.Of($"""
            <section aria-labelledby="compared"><h3 id="compared">Request {first.Number} and request {second.Number}</h3>
            <div class="scroll" role="region" aria-labelledby="compared" tabindex="0"><table>
            <thead><tr><td></td><th scope="col">request {first.Number}</th><th scope="col">request {second.Number}</th></tr></thead>
            <tbody>{Row("outcome", first.Outcome, second.Outcome)}{Row("action", ActionOf(first), ActionOf(second))}
            {rows.Select(f => Row(f.First.Name, f.First.Value, f.Second.Value))}</tbody></table></div>
            {Pictures(first, second, ids)}</section>
            """);
    }

    private static Html Row(string name, string first, string second) =>
        Html.Of($"<tr><th scope=\"row\">{name}</th><td>{first}</td><td>{second}</td></tr>");

    private static string ActionOf(LiveStep step) => step.Answer!.Action?.ToString(step.Answer.Coordinates) ?? "no action";

    private static Html Pictures(LiveStep first, LiveStep second, IReadOnlyDictionary<string, int> ids)
    {
        var hashes = second.Screens.Select(s => s.ContentHash).ToList();
        var common = first.Screens.Select((s, i) => (First: i, Second: hashes.IndexOf(s.ContentHash))).Where(p => p.Second >= 0).ToList();
        return common.Count == 0 ? Html.Of($"<p class=\"empty\">No screenshot is shown by both.</p>") : Html.Of($"""
            <ul class="legend"><li><span class="swatch only-first"></span> request {first.Number} keeps more</li>
            <li><span class="swatch only-second"></span> request {second.Number} keeps more</li>
            <li><span class="swatch none"></span> neither keeps it</li></ul>
            <div class="differences">{common.Select(p => Picture(first, second, p, ids))}</div>
            """);
    }

    private static Html Picture(LiveStep first, LiveStep second, (int First, int Second) frame, IReadOnlyDictionary<string, int> ids)
    {
        var (screen, a, b) = (
            first.Screens[frame.First], first.Answer!.Kept.Frames[frame.First], second.Answer!.Kept.Frames[frame.Second]);
        var id = ids[screen.ContentHash];
        var (keptFirst, keptSecond) = (StepCard.KeptOf(first.Answer, frame.First), StepCard.KeptOf(second.Answer, frame.Second));
        var picture = SessionView.Picture(
            screen, id, first.Answer.Grids[frame.First],
            c => Palette.Difference(Math.Max(0, a[c] - b[c]), Math.Max(0, b[c] - a[c]), Math.Min(a[c], b[c])),
            $"screenshot {id + 1}: request {first.Number} keeps {keptFirst} of the cells, request {second.Number} {keptSecond}");
        return Html.Of($"<figure>{picture}<figcaption>screenshot {id + 1}: {keptFirst}, then {keptSecond}</figcaption></figure>");
    }
}
