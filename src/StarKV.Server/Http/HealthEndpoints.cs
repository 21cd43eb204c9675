using Microsoft.AspNetCore.Http;
using StarKV.Server.Answering;
using StarKV.Server.Errors;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary>How the server is: whether the process answers, whether it takes work, and whether the device makes tokens.</summary>
/// <param name="agent">The model.</param>
/// <param name="maxWaiting">Requests that may wait.</param>
/// <param name="steps">Makes the token.</param>
/// <param name="life">Whether work is taken.</param>
/// <param name="time">The clock.</param>
internal sealed class HealthEndpoints(GuiAgent agent, int maxWaiting, StepService steps, ServerLife life, TimeProvider time) : IDisposable
{
    /// <summary>The route that needs no key.</summary>
    public const string Live = "/health/live";

    private static readonly TimeSpan s_tokenWithin = TimeSpan.FromSeconds(5), s_tokenAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (DateTimeOffset At, ApiException? Error, TimeSpan Took)? _last;

    /// <summary><c>GET /health/live</c>.</summary>
    public static Task IsLive(HttpContext context) => Ok(context);

    /// <summary><c>GET /health/ready</c>.</summary>
    public Task IsReady(HttpContext context)
    {
        if (life.IsDraining)
            throw ApiException.Unavailable("draining", "The server is shutting down.", 5);
        var waiting = agent.EngineLoad.Waiting;
        return waiting < maxWaiting
            ? Ok(context)
            : throw ApiException.Unavailable("queue_full", FormattableString.Invariant($"{waiting} requests wait, as many as may."), 2);
    }

    /// <summary><c>GET /health/generate</c>: a token of the device, at most one a second; others get the last result.</summary>
    public async Task Generates(HttpContext context)
    {
        await _one.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            if (_last is not { } last || time.GetUtcNow() - last.At > s_tokenAge)
                _last = last = await Token().ConfigureAwait(false);
            if (last.Error is { } error)
                throw error;
            await ApiAnswer.Json(
                context, new Health("ok") { Milliseconds = Math.Round(last.Took.TotalMilliseconds, 1) }, WireJson.Default.Health)
                .ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<(DateTimeOffset At, ApiException? Error, TimeSpan Took)> Token()
    {
        using var stop = new CancellationTokenSource(s_tokenWithin, time);
        try
        {
            var took = await steps.OneTokenAsync(stop.Token).ConfigureAwait(false);
            return (time.GetUtcNow(), null, took);
        }
        catch (OperationCanceledException)
        {
            var late = ApiException.Unavailable("engine_down", "The device made no token within 5 s.", 5);
            return (time.GetUtcNow(), late, default);
        }
        catch (StarKvException e)
        {
            return (time.GetUtcNow(), ApiException.Unavailable("engine_down", e.Message, 5), default);
        }
    }

    private static Task Ok(HttpContext context) => ApiAnswer.Json(context, new Health("ok"), WireJson.Default.Health);
}
