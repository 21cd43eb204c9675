using System.Globalization;
using Microsoft.AspNetCore.Http;
using StarKV.Reports.Live;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Server.Wire;
using StarKV.Sessions;

namespace StarKV.Server.Http;

/// <summary>The page at <c>/</c>, and what it shows: the sessions of the key that whoever looks at it has.</summary>
/// <param name="table">The sessions.</param>
/// <param name="document">The document.</param>
/// <param name="options">How sessions are compressed where their clients do not say.</param>
/// <param name="life">Whether the server is about to end.</param>
/// <param name="time">The clock.</param>
internal sealed class PageEndpoint(SessionTable table, string document, SessionOptions options, ServerLife life, TimeProvider time)
{
    /// <summary>Where the document is, which needs no key: it shows nothing by itself.</summary>
    public const string Page = "/";

    private const int MostViewers = 16;

    /// <summary>Time between two looks at the sessions, and the silence before a sign of life.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(400), s_silence = TimeSpan.FromSeconds(15);

    private int _viewers;

    /// <summary><c>GET /</c>.</summary>
    public Task Document(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = LivePage.Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return ApiAnswer.Html(context, document);
    }

    /// <summary><c>GET /page/events</c>: the list of sessions, now and whenever it has changed.</summary>
    public async Task Events(HttpContext context)
    {
        var scope = RequestGates.ScopeOf(context);
        try
        {
            if (Interlocked.Increment(ref _viewers) > MostViewers)
                throw ApiException.Busy("too_many_viewers", $"{MostViewers} pages are open, as many as may; close one.", 5);
            await Watch(context, scope).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    /// <summary><c>GET /page/sessions/{id}</c>: a session, with two of its requests compared where the address names them.</summary>
    public async Task Session(HttpContext context)
    {
        var (session, kv) = await SessionsEndpoint.Held(table, context).ConfigureAwait(false);
        var live = Live(session);
        if (kv is not null)
            live = live with { DeviceBytes = kv.DeviceBytes, HostBytes = kv.HostBytes, FullBytes = kv.FullBytes };
        await ApiAnswer.Html(context, LivePage.Session(live, Number(context, "first"), Number(context, "second"))).ConfigureAwait(false);
    }

    private async Task Watch(HttpContext context, string scope)
    {
        var (events, sent, at) = (new EventStream(context), "", time.GetTimestamp());
        while (!life.IsDraining)
        {
            var sessions = table.Of(scope);
            var versions = sessions.ToDictionary(s => s.Id, s => s.Requests);
            var html = LivePage.List([.. sessions.Select(Live)]);
            var told = $"{html}{string.Join(' ', versions.Values)}";
            if (told != sent)
            {
                await events.Send(new PageEvent(html, versions), WireJson.Default.PageEvent).ConfigureAwait(false);
                (sent, at) = (told, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(at) > s_silence)
            {
                await events.KeepAlive().ConfigureAwait(false);
                at = time.GetTimestamp();
            }

            await Task.Delay(s_look, time, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private LiveSession Live(KeptSession session)
    {
        var (method, keep) = (session.Settings.Method ?? options.Method.Name, session.Settings.Keep ?? $"{options.Budget}");
        return new LiveSession(session.Id, session.Name, $"{method}, keep {keep}, {RestOf(options.Storage)}", session.Shown)
        {
            Answered = session.Steps,
            Running = !session.IsIdle,
        };
    }

    private static string RestOf(KvStorage storage) => storage switch
    {
        KvStorage.Evict => "the rest is gone",
        KvStorage.Store => "the rest in the host's memory, to choose from",
        _ => "the rest in the host's memory",
    };

    private static int? Number(HttpContext context, string name) =>
        int.TryParse(context.Request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
