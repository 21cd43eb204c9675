using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;

namespace StarKV.Reports.Live;

/// <summary>One button for each session: what it is called, what its last request found, and what it holds.</summary>
internal static class SessionListing
{
    private static readonly Html s_none = Html.Of($"""
        <p class="empty">No session yet. Each conversation that a client begins appears here, while it is remembered.</p>
        """);

    public static Html Of(IReadOnlyList<LiveSession> sessions)
    {
        var more = sessions.Count - LivePage.MostSessions;
        return Html.Of($"""
            <h2>{ListText.Count(sessions.Count, "session")}</h2>
            {(sessions.Count == 0 ? s_none : Html.None)}
            <ul>{sessions.Take(LivePage.MostSessions).Select(Entry)}</ul>
            {(more > 0 ? Html.Of($"<p class=\"empty\">and {more} that were used longer ago</p>") : Html.None)}
            """);
    }

    private static Html Entry(LiveSession session) => Html.Of($"""
        <li><button type="button" data-open="{session.Id}"><span class="title">{session.Title}</span>
        {Badge(session.Running ? "running" : session.Steps is [.., var last] ? last.Outcome : "new")}
        <span class="soft">{ListText.Count(session.Answered, "step")}</span>{Held(session.LastAnswer)}</button></li>

        """);

    /// <summary>A word for what became of a request.</summary>
    public static Html Badge(string outcome) => Html.Of($"<span class=\"badge {Kind(outcome)}\">{outcome}</span>");

    /// <summary>Bytes beside those of everything, as a bar.</summary>
    public static Html Held(GroundingAnswer? answer) => answer is not { Kv: { } kv } ? Html.None : Html.Of($"""
        <span class="held"><meter min="0" max="{kv.FullBytes}" value="{kv.Bytes}" aria-label="bytes held of all"></meter>
        <span>{OverlayLegend.Size(kv.Bytes)} of {OverlayLegend.Size(kv.FullBytes)}</span></span>
        """);

    private static string Kind(string outcome) => outcome switch
    {
        "append" or "slide" or "replay" or "fork" => "good",
        "new" or "cut" or "rebuilt" or "rebased" => "again",
        "running" => "now",
        _ => "bad",
    };
}
