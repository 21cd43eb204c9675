using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StarKV.Server.OpenApi;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary>
/// Which route does what. Those of the dialects are served with their version and without: clients are configured both ways. The document
/// that describes them has those with the version.
/// </summary>
internal static class ApiRoutes
{
    private const string Version = "/v1";

    private const string Chat = "chat", Responses = "responses", Models = "models", Sessions = "sessions", State = "health";

    private static readonly int[] s_work = [400, 401, 403, 404, 413, 429, 431, 500, 503], s_found = [401, 403, 404, 431];

    /// <summary>Maps what answers.</summary>
    public static void MapAnswers(WebApplication app, RequestGates gates, ChatEndpoint chat, ResponsesEndpoint responses)
    {
        Both(
            app.MapPost, "/chat/completions", context => gates.Work(context, (scope, stop) => chat.Answer(context, scope, stop)),
            new("createChatCompletion", Chat, "Answers a conversation, which comes whole with each request.", typeof(ChatCompletion))
            {
                Body = typeof(ChatCompletionRequest),
                Errors = s_work,
            });
        Both(
            app.MapPost, "/responses", context => gates.Work(context, (scope, stop) => responses.Answer(context, scope, stop)),
            new("createResponse", Responses, "Answers what is new after the response that the request continues.", typeof(ResponseBody))
            {
                Body = typeof(ResponseRequest),
                Errors = s_work,
            });
        Both(
            app.MapGet, "/responses/{id}", responses.Get,
            new("getResponse", Responses, "A response that was given.", typeof(ResponseBody)) { Errors = s_found });
        Both(
            app.MapDelete, "/responses/{id}", responses.Delete,
            new("deleteResponse", Responses, "Deletes a response; of one that others continue the screenshots.", typeof(DeletedResponse))
            {
                Errors = s_found,
            });
        Both(
            app.MapPost, "/responses/{id}/cancel", responses.Cancel,
            new("cancelResponse", Responses, "Stops a response that is being written.", typeof(ResponseBody)) { Errors = s_found });
    }

    /// <summary>Maps what tells of models.</summary>
    public static void MapModels(WebApplication app, ModelEndpoint models)
    {
        Both(app.MapGet, "/models", models.All, new("listModels", Models, "The loaded models.", typeof(ModelList)));
        Both(
            app.MapGet, "/models/{**id}", models.One,
            new("getModel", Models, "A loaded model.", typeof(ModelCard)) { Errors = s_found });
    }

    /// <summary>Maps what tells of sessions.</summary>
    public static void MapSessions(WebApplication app, SessionsEndpoint sessions)
    {
        Both(
            app.MapGet, "/sessions", sessions.All,
            new("listSessions", Sessions, "What is remembered of the key's conversations.", typeof(SessionList)));
        Both(
            app.MapGet, "/sessions/{id}", sessions.One,
            new("getSession", Sessions, "A session, with the bytes that it holds.", typeof(SessionCard)) { Errors = s_found });
        Both(
            app.MapDelete, "/sessions/{id}", sessions.Delete,
            new("deleteSession", Sessions, "Forgets a session.", typeof(DeletedSession)) { Errors = s_found });
    }

    /// <summary>Maps the page that shows what sessions hold; the document does not describe it.</summary>
    public static void MapPage(WebApplication app, PageEndpoint page)
    {
        app.MapGet(PageEndpoint.Page, page.Document);
        app.MapGet("/page/events", page.Events);
        app.MapGet("/page/sessions/{id}", page.Session);
    }

    /// <summary>Maps what tells how the server is.</summary>
    public static void MapHealth(WebApplication app, HealthEndpoints health)
    {
        new RouteDescription("isLive", State, "Whether the process answers.", typeof(Health)) { Errors = [403] }
            .AddTo(app.MapGet(HealthEndpoints.Live, HealthEndpoints.IsLive));
        app.MapGet("/health", health.IsReady);
        new RouteDescription("isReady", State, "Whether work is taken.", typeof(Health)) { Errors = [401, 403, 503] }
            .AddTo(app.MapGet("/health/ready", health.IsReady));
        new RouteDescription("generates", State, "Whether the device makes a token.", typeof(Health)) { Errors = [401, 403, 503] }
            .AddTo(app.MapGet("/health/generate", health.Generates));
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static void Both(
        Func<string, RequestDelegate, IEndpointConventionBuilder> map, string address, RequestDelegate answer, RouteDescription description)
    {
        map(address, answer);
        description.AddTo(map(Version + address, answer));
    }
}
