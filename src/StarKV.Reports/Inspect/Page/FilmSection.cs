using StarKV.Reports.Markup;
using StarKV.Sessions;

namespace StarKV.Reports.Inspect.Page;

/// <summary>A strip for each step of each session: every screenshot in a column of its own, as the step's cache holds it.</summary>
internal static class FilmSection
{
    public static Html Of(SessionInspection inspection) => Html.Of($"""
        <section aria-labelledby="film"><h2 id="film">What each step holds of each screenshot</h2>
        <p>A cell is as bright as the share of all layers' heads that kept it. A screenshot stands in the same column at every step: read
        downwards, a column says what became of it.</p>
        <ul class="legend"><li><span class="scale cover"></span> dropped by all … kept by all</li>
        <li>{ScreenPicture.CrossKey} where the answer points</li></ul>
        {Enumerable.Range(0, inspection.Screens.Count).Select(i => Step(inspection, i))}
        </section>
        """);

    /// <summary>What a storage is called.</summary>
    public static string NameOf(KvStorage storage) => storage.ToString().ToLowerInvariant();

    private static Html Step(SessionInspection inspection, int index) => Html.Of($"""
        <h3 id="step{index + 1}">Step {index + 1}</h3>
        <div class="strips">{inspection.Sessions.Select(s => Strip(inspection, s, index))}</div>

        """);

    private static Html Strip(SessionInspection inspection, InspectedSession session, int index)
    {
        var (step, name) = (session.Steps[index], NameOf(session.Storage));
        var (report, action) = (step.Report, step.Answer.Action?.ToString(step.Answer.Coordinates) ?? "no action");
        return Html.Of($"""
            <figure class="strip"><figcaption><strong>{name}</strong> read {report.TokensRead:N0} of {report.Tokens:N0} tokens; answer:
            <code>{action}</code>{report.Notes.Select(n => Html.Of($"<br/>{n}"))}</figcaption>
            <div class="scroll" role="region" aria-label="step {index + 1}, {name}" tabindex="0"><div class="film"
            style="--frames:{inspection.Screens.Count}">
            {step.Screens.Select((_, frame) => Frame(inspection, session, index, frame))}</div></div></figure>

            """);
    }

    private static Html Frame(SessionInspection inspection, InspectedSession session, int index, int frame)
    {
        var step = session.Steps[index];
        var (screen, shares, kept) = (step.Screens[frame], step.Answer.Kept.Frames[frame], step.Held.Kept!);
        var span = kept.Prompt.Frames[frame];
        var rows = kept.Mean(span);
        var share = Numbers.Percent(rows / span.Length);
        var label = $"step {index + 1}, {NameOf(session.Storage)}: screenshot {screen + 1}, {share} of the cells kept";
        var picture = ScreenPicture.Of(
            [.. inspection.Screens.Take(index + 1)], screen, CellImage.Of(span.Rows, span.Columns, c => Palette.Dropped(shares[c])), label,
            null, step.Answer.Point);
        return Html.Of($"""
            <div style="grid-column:{screen + 1}">{picture}<p><strong>{screen + 1}</strong> {share}, {Numbers.Count(rows)} rows</p></div>

            """);
    }
}
