using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StarKV.Server.Answering;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>The outermost gate: gives each request an id, and makes an error object of whatever goes wrong.</summary>
/// <param name="log">Told of errors that are the server's; null for nobody.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class ErrorGate(Action<string>? log, ServerMetrics metrics, TimeProvider time)
{
    private const string IdHeader = "x-request-id";

    private const int ClientLeft = 499;

    /// <summary>Lets a request through.</summary>
    public async Task Through(HttpContext context, RequestDelegate next)
    {
        var begun = time.GetTimestamp();
        await Answered(context, next).ConfigureAwait(false);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        var status = EventStream.HasFailed(context) ? StatusCodes.Status500InternalServerError
            : context.RequestAborted.IsCancellationRequested ? ClientLeft : context.Response.StatusCode;
        metrics.Request(route, status, time.GetElapsedTime(begun));
    }

    /// <summary>The id of a request.</summary>
    public static string IdOf(HttpContext context) => context.Response.Headers[IdHeader].ToString();

    /// <summary>The answer to an error; what is the server's fault is told to the log too.</summary>
    /// <param name="error">The error.</param>
    /// <param name="id">The request's id.</param>
    public ApiException Told(Exception error, string id)
    {
        if (error is BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new ApiException(
                    413, "invalid_request_error", "request_too_large",
                    "The body is larger than the server takes (BodyBytes); show fewer or smaller screenshots.")
                : new ApiException(bad.StatusCode, "invalid_request_error", "invalid_request", bad.Message);
        }

        var told = error is OperationCanceledException ? EngineErrors.Of(new ObjectDisposedException(null)) : EngineErrors.Of(error);
        if (told.Status >= 500)
            log?.Invoke($"{id}: {told.Code}: {told.Cause?.GetType().Name} {(told.Cause ?? told).Message}");
        return told;
    }

    private async Task Answered(HttpContext context, RequestDelegate next)
    {
        var id = context.Request.Headers[IdHeader].ToString();
        if (!Reading.SessionName.IsOne(id))
            id = $"req_{Guid.NewGuid():N}";
        context.Response.Headers[IdHeader] = id;
        try
        {
            await next(context).ConfigureAwait(false);
            if (!context.Response.HasStarted && Unanswered(context) is { } error)
                await ApiAnswer.Error(context, error).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; there is nobody to tell.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await ApiAnswer.Error(context, Told(e, id)).ConfigureAwait(false);
        }
    }

    private static ApiException? Unanswered(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        return response.StatusCode switch
        {
            _ when response.ContentLength is not null => null,
            404 => ApiException.NotFound("not_found", $"There is no route {request.Method} {request.Path}."),
            405 => new ApiException(
                405, "invalid_request_error", "method_not_allowed",
                $"{request.Path} takes {response.Headers.Allow}, not {request.Method}."),
            _ => null,
        };
    }
}
