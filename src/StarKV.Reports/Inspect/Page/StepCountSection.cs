using StarKV.Reports.Markup;
using StarKV.Text;

namespace StarKV.Reports.Inspect.Page;

/// <summary>Kept tokens of each step by kind of text and by screenshot.</summary>
internal static class StepCountSection
{
    private static readonly TokenClass[] s_before = [TokenClass.System, TokenClass.User], s_after = [TokenClass.Assistant];

    public static Html Of(SessionInspection inspection) => Html.Of($"""
        <section aria-labelledby="counts"><h2 id="counts">Kept tokens by kind</h2>
        <div class="scroll" role="region" aria-labelledby="counts" tabindex="0"><table>
        <caption>Tokens kept, the mean over layers and heads, and their share of the conversation's tokens of that kind. A dash stands for
        a screenshot that the conversation does not show at that step.</caption>
        <thead><tr><th scope="col">step</th><th scope="col">storage</th>{s_before.Select(Head)}
        {Enumerable.Range(1, inspection.Screens.Count).Select(n => Html.Of($"<th scope=\"col\" class=\"n\">screenshot {n}</th>"))}
        {s_after.Select(Head)}<th scope="col" class="n">all</th></tr></thead>
        <tbody>{Enumerable.Range(0, inspection.Screens.Count).Select(i => Html.Join(
            inspection.Sessions.Select(s => Row(inspection, s, i))))}</tbody>
        </table></div></section>
        """);

    private static Html Head(TokenClass kind) => Html.Of($"<th scope=\"col\" class=\"n\">{TokenGroup.NameOf(kind)}</th>");

    private static Html Row(SessionInspection inspection, InspectedSession session, int index)
    {
        var step = session.Steps[index];
        var (kept, all) = (step.Held.Kept!, step.Answer.Kv);
        return Html.Of($"""
            <tr><th scope="row">{index + 1}</th><td>{FilmSection.NameOf(session.Storage)}</td>{s_before.Select(OfClass)}
            {Enumerable.Range(0, inspection.Screens.Count).Select(OfScreen)}{s_after.Select(OfClass)}
            {Cell(all.KeptTokens, all.PromptTokens)}</tr>

            """);

        Html OfClass(TokenClass kind) => Cell(kept.Mean(kind), kept.Prompt.Classes.ToArray().Count(c => c == kind));

        Html OfScreen(int screen) => step.Screens.ToList().IndexOf(screen) is >= 0 and var frame && kept.Prompt.Frames[frame] is var span
            ? Cell(kept.Mean(span), span.Length)
            : Html.Of($"<td class=\"n\">–</td>");
    }

    private static Html Cell(double count, int of) =>
        Html.Of($"<td class=\"n\">{Numbers.Count(count)} <small>{Numbers.Percent(count / of)}</small></td>");
}
