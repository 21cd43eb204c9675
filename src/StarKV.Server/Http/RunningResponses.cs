using System.Collections.Concurrent;
using StarKV.Server.Errors;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary>The responses that are being written, which their clients may cancel. Thread-safe.</summary>
internal sealed class RunningResponses
{
    private readonly ConcurrentDictionary<string, (string Scope, CancellationTokenSource Stop, ResponseBody Body)> _running = new();

    /// <summary>Writes a response that may be cancelled meanwhile.</summary>
    /// <param name="body">The response as it begins.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="cancellation">The client left, or the server ends.</param>
    /// <exception cref="ApiException">It was cancelled.</exception>
    public async Task<T> Run<T>(ResponseBody body, string scope, Func<CancellationToken, Task<T>> write, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _running[body.Id] = (scope, stop, body);
        try
        {
            return await write(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw ApiException.Invalid("cancelled", "The response was cancelled.");
        }
        finally
        {
            _running.TryRemove(body.Id, out _);
        }
    }

    /// <summary>Cancels a response; null where it is not being written.</summary>
    public ResponseBody? Cancel(string scope, string id)
    {
        if (!_running.TryGetValue(id, out var found) || found.Scope != scope)
            return null;
        try
        {
            found.Stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
            return null;
        }

        return found.Body with { Status = "cancelled" };
    }
}
