using Microsoft.AspNetCore.Http;
using StarKV.Server.Answering;
using StarKV.Server.Errors;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Server.Wire;
using StarKV.Sessions;

namespace StarKV.Server.Http;

/// <summary><c>/v1/sessions</c>: what is remembered of a key's conversations.</summary>
/// <param name="table">The sessions.</param>
internal sealed class SessionsEndpoint(SessionTable table)
{
    /// <summary><c>GET /v1/sessions</c>.</summary>
    public Task All(HttpContext context) => ApiAnswer.Json(
        context, new SessionList([.. table.Of(RequestGates.ScopeOf(context)).Select(Card)]), WireJson.Default.SessionList);

    /// <summary><c>GET /v1/sessions/{id}</c>: with the bytes that its rows take; waits for the piece of work that is under way.</summary>
    public async Task One(HttpContext context)
    {
        var (session, kv) = await Held(table, context).ConfigureAwait(false);
        var card = Card(session);
        if (kv is not null)
            card = card with { Tokens = kv.Tokens, DeviceBytes = kv.DeviceBytes, HostBytes = kv.HostBytes, FullBytes = kv.FullBytes };
        await ApiAnswer.Json(context, card, WireJson.Default.SessionCard).ConfigureAwait(false);
    }

    /// <summary><c>DELETE /v1/sessions/{id}</c>: frees its rows, after the step that is under way.</summary>
    public Task Delete(HttpContext context) => table.Remove(RequestGates.ScopeOf(context), Id(context))
        ? ApiAnswer.Json(context, new DeletedSession(Id(context)), WireJson.Default.DeletedSession)
        : throw NotFound();

    /// <summary>The session that an address names, and what its rows take; null before its first step.</summary>
    /// <param name="table">The sessions.</param>
    /// <param name="context">The request.</param>
    /// <exception cref="ApiException">There is none.</exception>
    public static async Task<(KeptSession Session, SessionKv? Kv)> Held(SessionTable table, HttpContext context)
    {
        var id = Id(context);
        var session = table.Of(RequestGates.ScopeOf(context)).FirstOrDefault(s => s.Id == id || s.Name == id) ?? throw NotFound();
        try
        {
            return (session, session.Rows is { } rows
                ? await Task.Run(() => rows.Kv, context.RequestAborted).ConfigureAwait(false)
                : null);
        }
        catch (ObjectDisposedException)
        {
            throw NotFound();
        }
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static SessionCard Card(KeptSession session) => new(
        session.Id, session.Name, session.Steps, session.Turns.Sum(TurnText.Screens), !session.IsIdle,
        session.LastUsed.ToUnixTimeSeconds(), session.LastOutcome is { } outcome ? StepResult.NameOf(outcome) : null);

    private static ApiException NotFound() => ApiException.NotFound(
        "session_not_found", "There is no session with this id or name; it was deleted, or nobody used it for long.");
}
