using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;

namespace StarKV.Reports.Inspect.Page;

/// <summary>One row for each step of each session: what it read, what it holds where, and what the model answered.</summary>
internal static class StepSection
{
    public static Html Of(SessionInspection inspection) => Html.Of($"""
        <section aria-labelledby="steps"><h2 id="steps">Steps</h2>
        <div class="scroll" role="region" aria-labelledby="steps" tabindex="0"><table class="summary">
        <caption>Read are the tokens of the conversation that the step did not know. Rows are tokens kept, for every key/value head. Bytes
        are those of keys and values: what the answer attends to, and what the session holds between this step and the next.</caption>
        <thead><tr><th scope="col">step</th><th scope="col">storage</th><th scope="col" class="n">tokens</th>
        <th scope="col" class="n">read</th><th scope="col" class="n">rows per layer</th><th scope="col" class="n">attended to</th>
        <th scope="col" class="n">of full</th><th scope="col" class="n">on the device</th><th scope="col" class="n">on the host</th>
        <th scope="col">answer</th></tr></thead>
        <tbody>{Enumerable.Range(0, inspection.Screens.Count).Select(i => Html.Join(inspection.Sessions.Select(s => Row(s, i))))}</tbody>
        </table></div></section>
        """);

    private static Html Row(InspectedSession session, int index)
    {
        var (step, kv) = (session.Steps[index], session.Steps[index].Answer.Kv);
        return Html.Of($"""
            <tr><th scope="row">{index + 1}</th><td>{FilmSection.NameOf(session.Storage)}</td>
            <td class="n">{step.Report.Tokens:N0}</td><td class="n">{step.Report.TokensRead:N0}</td>
            <td class="n">{Numbers.Span(kv.RowsPerLayer)}</td><td class="n">{OverlayLegend.Size(kv.Bytes)}</td>
            <td class="n">{Numbers.Percent(kv.KeptShare)}</td><td class="n">{OverlayLegend.Size(step.Held.DeviceBytes)}</td>
            <td class="n">{OverlayLegend.Size(step.Held.HostBytes)}</td>
            <td title="{step.Answer.Text}"><code>{step.Answer.Action?.ToString(step.Answer.Coordinates) ?? "no action"}</code></td></tr>

            """);
    }
}
