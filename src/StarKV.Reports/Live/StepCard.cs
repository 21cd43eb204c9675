using StarKV.Reports.Inspect.Page;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Live;

/// <summary>One request: its screenshots as the cache held them, the answer, and what it cost.</summary>
internal static class StepCard
{
    public static Html Of(LiveStep step, IReadOnlyDictionary<string, int> ids) => Html.Of($"""
        <article class="step" aria-label="request {step.Number}">
        <h4>{step.Number} {SessionListing.Badge(step.Outcome)} <time datetime="{step.At:O}">{step.At:HH:mm:ss} UTC</time></h4>
        {(step.Words.Length == 0 ? Html.None : Html.Of($"<p class=\"words\">{step.Words}</p>"))}
        {(step.Answer is { } answer ? Answered(step, answer, ids) : Html.Of($"<p class=\"no\">{step.Error}</p>"))}
        </article>

        """);

    /// <summary>The share of each cell of a screenshot that was kept, as pages say it.</summary>
    public static string KeptOf(GroundingAnswer answer, int frame) => Numbers.Percent(answer.Kept.Frames[frame].Average());

    private static Html Answered(LiveStep step, GroundingAnswer answer, IReadOnlyDictionary<string, int> ids) => Html.Of($"""
        <div class="answered">
        <div class="shown">{(step.Screens.Count > 0 ? Screens(step, answer, ids) : Html.Of($"<p class=\"empty\">words alone</p>"))}</div>
        <div class="numbers"><p class="action"><code>{answer.Action?.ToString(answer.Coordinates) ?? "no action"}</code></p>
        <details data-step="{step.Number}"><summary>The answer as it was written</summary><pre><code>{answer.Text}</code></pre></details>
        <dl class="facts">{StepFacts.Of(step).Select(f => HeaderSection.Fact(f.Name, f.Value))}</dl>
        {LayerRows.Of(answer.Kv)}
        {StageBar.Of(answer.Times)}</div></div>
        """);

    /// <summary>The newest screenshot large, those before it small, the newest of them first.</summary>
    private static Html Screens(LiveStep step, GroundingAnswer answer, IReadOnlyDictionary<string, int> ids)
    {
        var last = step.Screens.Count - 1;
        return Html.Of($"""
            {Screen(last)}<div class="earlier">{Enumerable.Range(0, last).Reverse().Select(Screen)}</div>
            """);

        Html Screen(int frame)
        {
            var (screen, shares, kept) = (step.Screens[frame], answer.Kept.Frames[frame], KeptOf(answer, frame));
            var id = ids[screen.ContentHash];
            var picture = SessionView.Picture(
                screen, id, answer.Grids[frame], c => Palette.Dropped(shares[c]),
                $"request {step.Number}: screenshot {id + 1}, {kept} of the cells kept", frame == last ? answer.Point : null);
            return Html.Of($"""
                <figure>{picture}<figcaption>screenshot {id + 1} <span>{kept} kept</span></figcaption></figure>
                """);
        }
    }
}
