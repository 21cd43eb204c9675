using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>Writes server-sent events, each flushed.</summary>
/// <param name="context">The request.</param>
internal sealed class EventStream(HttpContext context)
{
    /// <summary>Time between the event of an error and the end of the connection: without it most clients lose the event.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private static readonly object s_failed = new();

    private volatile IReadOnlyList<(string Name, string Value)> _announced = [];

    /// <summary>Whether a stream of a request was cut by the server, and not by its client.</summary>
    public static bool HasFailed(HttpContext context) => context.Items.ContainsKey(s_failed);

    /// <summary>Whether anything was written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Headers that go out with the first event, should they come before it; on any thread.</summary>
    /// <param name="headers">Names and values.</param>
    public void Announce(IReadOnlyList<(string Name, string Value)> headers) => _announced = headers;

    /// <summary>Writes an event.</summary>
    /// <param name="value">Its data.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="name">What it is called; null for nothing.</param>
    public Task Send<T>(T value, JsonTypeInfo<T> type, string? name = null) =>
        Write(name is null ? "data: " : $"event: {name}\ndata: ", JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Writes the end of a chat stream.</summary>
    public Task Done() => Write("data: [DONE]", []);

    /// <summary>Writes a comment, which clients ignore, so that nobody takes the connection for dead.</summary>
    public Task KeepAlive() => Write(": keep-alive", []);

    /// <summary>Writes an error, and ends the connection.</summary>
    public async Task Fail(ApiException error)
    {
        await Send(ErrorBody.Of(error), ErrorJson.Default.ErrorBody).ConfigureAwait(false);
        await Abort().ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the connection after an error without ending the body: an end that looks clean is taken for success, whatever was said before.
    /// </summary>
    public async Task Abort()
    {
        await Task.Delay(s_pause, CancellationToken.None).ConfigureAwait(false);
        context.Items[s_failed] = true;
        context.Abort();
    }

    private async Task Write(string head, byte[] data)
    {
        var response = context.Response;
        if (!HasBegun)
        {
            HasBegun = true;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
            foreach (var (name, value) in _announced)
                response.Headers[name] = value;
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }

        var body = response.BodyWriter;
        body.Write(Encoding.UTF8.GetBytes(head));
        body.Write(data);
        body.Write("\n\n"u8);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
