using StarKV.Input;
using StarKV.Reports.Inspect.Page;
using StarKV.Reports.Markup;
using StarKV.Reports.Overlays;

namespace StarKV.Reports.Live;

/// <summary>An opened session: what it holds, two requests compared, and every request that is remembered, the newest first.</summary>
internal static class SessionView
{
    public static Html Of(LiveSession session, int? first, int? second)
    {
        // Each picture stands in the page once, whatever steps show it.
        var screens = session.Steps.SelectMany(s => s.Screens).DistinctBy(s => s.ContentHash).ToList();
        var ids = screens.Select((s, i) => (s.ContentHash, Id: i)).ToDictionary(p => p.ContentHash, p => p.Id);
        var (a, b) = (Answered(session, first), Answered(session, second));
        return Html.Of($"""
            {ScreenPicture.Definitions(screens)}
            <header><h2>{session.Title}</h2>
            <p><button type="button" class="drop" data-drop="{session.Id}">Drop this session</button>
            <button type="button" data-close="">Close</button></p></header>
            <dl class="facts"><div><dt>id</dt><dd><code>{session.Id}</code></dd></div>{HeaderSection.Fact("cache", session.Cache)}
            {HeaderSection.Fact("answered", $"{ListText.Count(session.Answered, "step")}, the last {session.Steps.Count} requests below")}
            {HeaderSection.Fact("between steps", Held(session))}</dl>
            {Choice(session, first, second)}
            {(a is null || b is null ? Html.None : StepComparison.Of(a, b, ids))}
            <section aria-labelledby="requests"><h3 id="requests">Requests, the newest first</h3>
            <ul class="legend"><li><span class="scale cover"></span> dropped by all … kept by all layers' heads</li>
            <li>{ScreenPicture.CrossKey} where the answer points</li></ul>
            {(session.Steps.Count == 0 ? Html.Of($"<p class=\"empty\">None was answered yet.</p>") : Html.None)}
            {session.Steps.Reverse().Select(s => StepCard.Of(s, ids))}</section>
            """);
    }

    private static LiveStep? Answered(LiveSession session, int? number) =>
        session.Steps.FirstOrDefault(s => s.Number == number && s.Answer is not null);

    private static string Held(LiveSession session) =>
        session is not { DeviceBytes: { } device, HostBytes: { } host, FullBytes: { } full }
            ? ""
            : $"{OverlayLegend.Size(device)} on the device, {OverlayLegend.Size(host)} in the host's memory; "
                + $"all keys and values are {OverlayLegend.Size(full)}";

    private static Html Choice(LiveSession session, int? first, int? second)
    {
        var answered = session.Steps.Where(s => s.Answer is not null).ToList();
        return answered.Count < 2 ? Html.None : Html.Of($"""
            <p class="compare">Compare <label>request <select data-compare="first">{Options(first)}</select></label>
            <label>with <select data-compare="second">{Options(second)}</select></label></p>
            """);

        Html Options(int? chosen) => Html.Of($"""
            <option value="">–</option>{answered.Select(s => Html.Of(
                $"<option value=\"{s.Number}\"{(s.Number == chosen ? new Html(" selected") : Html.None)}>{s.Number}</option>"))}
            """);
    }

    /// <summary>A screenshot as a step's cache holds it.</summary>
    /// <param name="screen">The screenshot.</param>
    /// <param name="id">Its place among the page's.</param>
    /// <param name="grid">Its cells.</param>
    /// <param name="cover">What is drawn over each.</param>
    /// <param name="label">What is seen, in words.</param>
    /// <param name="point">Where the answer points on it, in its pixels; null for nowhere.</param>
    public static Html Picture(
        Screenshot screen, int id, PatchGrid grid, Func<int, SkiaSharp.SKColor> cover, string label, (int X, int Y)? point = null) =>
        ScreenPicture.Of(screen, id, CellImage.Of(grid.Rows, grid.Columns, cover), label, ScreenPicture.Marks(screen, null, point));
}
