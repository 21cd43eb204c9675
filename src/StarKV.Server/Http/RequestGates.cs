using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>What every request passes after it has an id: whether it may ask at all, and whether work is taken.</summary>
/// <param name="keys">The keys.</param>
/// <param name="life">Whether work is taken.</param>
/// <param name="localOnly">Whether the server listens on this machine's own address.</param>
internal sealed class RequestGates(ApiKeys keys, ServerLife life, bool localOnly)
{
    private static readonly object s_scope = new();

    /// <summary>Lets a request through.</summary>
    /// <exception cref="ApiException">It may not ask.</exception>
    public Task Through(HttpContext context, RequestDelegate next)
    {
        HeaderLimits.Check(context.Request.Headers);
        if (localOnly)
            LocalOnly.Check(context.Request);
        // Whoever looks whether the process lives has no key, and the page asks for one itself.
        if (context.Request.Path != HealthEndpoints.Live && context.Request.Path != PageEndpoint.Page)
            context.Items[s_scope] = keys.ScopeOf(context.Request);
        return next(context);
    }

    /// <summary>Does work, unless the server is about to end.</summary>
    /// <exception cref="ApiException">It is.</exception>
    public async Task Work(HttpContext context, Func<string, CancellationToken, Task> work)
    {
        if (!life.Begin())
            throw ApiException.Unavailable("draining", "The server is shutting down; ask another one, or later.", 5);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.Ended);
            await work(ScopeOf(context), stop.Token).ConfigureAwait(false);
        }
        finally
        {
            life.End();
        }
    }

    /// <summary>Whose request it is.</summary>
    public static string ScopeOf(HttpContext context) => (string)context.Items[s_scope]!;
}
