using Microsoft.AspNetCore.Builder;

namespace StarKV.Server.Http;

/// <summary>
/// Which route does what. Those of the dialects are served with their version and without: clients are configured both ways.
/// </summary>
internal static class ApiRoutes
{
    private static readonly string[] s_prefixes = ["", "/v1"];

    /// <summary>Maps what answers.</summary>
    public static void MapAnswers(WebApplication app, RequestGates gates, ChatEndpoint chat, ResponsesEndpoint responses)
    {
        foreach (var prefix in s_prefixes)
        {
            app.MapPost($"{prefix}/chat/completions", context => gates.Work(context, (scope, stop) => chat.Answer(context, scope, stop)));
            app.MapPost($"{prefix}/responses", context => gates.Work(context, (scope, stop) => responses.Answer(context, scope, stop)));
            app.MapGet($"{prefix}/responses/{{id}}", responses.Get);
            app.MapDelete($"{prefix}/responses/{{id}}", responses.Delete);
            app.MapPost($"{prefix}/responses/{{id}}/cancel", responses.Cancel);
        }
    }

    /// <summary>Maps what tells of models.</summary>
    public static void MapModels(WebApplication app, ModelEndpoint models)
    {
        foreach (var prefix in s_prefixes)
        {
            app.MapGet($"{prefix}/models", models.All);
            app.MapGet($"{prefix}/models/{{**id}}", models.One);
        }
    }

    /// <summary>Maps what tells of sessions.</summary>
    public static void MapSessions(WebApplication app, SessionsEndpoint sessions)
    {
        foreach (var prefix in s_prefixes)
        {
            app.MapGet($"{prefix}/sessions", sessions.All);
            app.MapGet($"{prefix}/sessions/{{id}}", sessions.One);
            app.MapDelete($"{prefix}/sessions/{{id}}", sessions.Delete);
        }
    }

    /// <summary>Maps what tells how the server is.</summary>
    public static void MapHealth(WebApplication app, HealthEndpoints health)
    {
        app.MapGet(HealthEndpoints.Live, HealthEndpoints.IsLive);
        app.MapGet("/health", health.IsReady);
        app.MapGet("/health/ready", health.IsReady);
        app.MapGet("/health/generate", health.Generates);
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
