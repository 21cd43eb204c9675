using StarKV.Reports.Inspect.Page;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Live;

/// <summary>
/// A page that shows what a running server's sessions hold. The document is one file with its style and script; what it shows comes in
/// pieces of HTML from addresses below its own, <c>page/events</c> and <c>page/sessions/{id}</c>.
/// </summary>
/// <remarks>Thread-safe. Every text of a client is escaped; the policy lets nothing run but the page's own script.</remarks>
public static class LivePage
{
    /// <value>Most sessions that the list shows; those that were used last.</value>
    public const int MostSessions = 100;

    private static readonly string s_style = PageFrame.Resource("page.css") + Resource("live.css"), s_script = Resource("live.js");

    /// <summary>What the page may do, for the header <c>Content-Security-Policy</c>.</summary>
    public static string Policy { get; } = string.Join(
        "; ", "default-src 'none'", "img-src data:", $"style-src {PageFrame.HashOf(s_style)}", $"script-src {PageFrame.HashOf(s_script)}",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'");

    /// <summary>The document, which shows no session by itself.</summary>
    /// <param name="model">What clients call the model.</param>
    /// <param name="device">Where it runs, as people read it.</param>
    /// <param name="needsKey">Whether the server wants a key, for which the page then asks first.</param>
    public static string ToHtml(string model, string device, bool needsKey) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>StarKV: sessions of {model}</title>
        <link rel="icon" href="data:,">
        <style>{new Html(s_style)}</style>
        </head>
        <body class="live"{(needsKey ? new Html(" data-key") : Html.None)}>
        <main>
        <header class="top"><h1><span class="brand">StarKV</span> sessions of {model}</h1>
        <p><span id="state" role="status">connecting</span> · {device} · <a href="scalar">routes</a></p></header>
        <form id="ask" hidden><h2>This server wants a key</h2>
        <p>It is one of those that the server was started with, and shows the sessions of that key. The page forgets it when it is
        closed.</p><p><label for="key">Key</label> <input id="key" type="password" autocomplete="off" required>
        <button>Show</button> <span id="refused" class="no" role="alert"></span></p></form>
        <div class="desk" id="desk" hidden>
        <nav aria-label="sessions" id="list"></nav>
        <div id="session" tabindex="-1"></div>
        </div>
        <noscript><p>This page shows what happens while it happens, and needs its script for that. <code>GET /v1/sessions</code> tells the
        same numbers.</p></noscript>
        </main>
        <script>{new Html(s_script)}</script>
        </body>
        </html>

        """).Markup;

    /// <summary>The list of sessions.</summary>
    /// <param name="sessions">The sessions, the one that was used last first.</param>
    public static string List(IReadOnlyList<LiveSession> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        return SessionListing.Of(sessions).Markup;
    }

    /// <summary>A session with all its requests that are remembered.</summary>
    /// <param name="session">The session.</param>
    /// <param name="first">The number of a request to compare; null (default) for none.</param>
    /// <param name="second">The number of the request that it is compared with; null (default) for none.</param>
    public static string Session(LiveSession session, int? first = null, int? second = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return SessionView.Of(session, first, second).Markup;
    }

    private static string Resource(string name) => PageFrame.Resource(typeof(LivePage).Namespace!, name);
}
