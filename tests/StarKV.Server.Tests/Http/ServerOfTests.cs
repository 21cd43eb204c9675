using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Budget;
using StarKV.Schedule;

namespace StarKV.Server.Tests.Http;

/// <summary>The shipped model, loaded once for all tests of the collection, behind a server on a free port.</summary>
public sealed class ServerOfTests : IAsyncLifetime
{
    public static readonly EngineOptions Engine = new();

    private StarKvServer? _server;

    public GuiAgent Agent { get; } = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu", engine: Engine);

    public HttpClient Client { get; private set; } = new();

    public static ServerOptions Options => new()
    {
        Port = 0,
        Model = "mini",
        Session = new SessionOptions { Budget = KvBudget.Keep(0.5) },
        DrainNotice = TimeSpan.Zero,
    };

    public async ValueTask InitializeAsync()
    {
        _server = await StarKvServer.StartAsync(Agent, Options, Engine);
        Client = ClientOf(_server);
    }

    public Task<StarKvServer> Another(ServerOptions options) =>
        StarKvServer.StartAsync(Agent, options, Engine, cancellation: TestContext.Current.CancellationToken);

    public static HttpClient ClientOf(StarKvServer server) => new() { BaseAddress = new Uri(server.Address), Timeout = TimeSpan.FromMinutes(5) };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        Agent.Dispose();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerTests : ICollectionFixture<ServerOfTests>
{
    public const string Name = "server";
}

/// <summary>What tests send and read.</summary>
internal static class Api
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> Post(
        this HttpClient client, string path, JsonNode body, string? session = null, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        client.PostText(path, body.ToJsonString(), session, until);

    public static Task<HttpResponseMessage> PostText(
        this HttpClient client, string path, string body, string? session = null, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (session is not null)
            request.Headers.Add("X-Session-Id", session);
        return client.SendAsync(request, until, Stop);
    }

    public static async Task<JsonElement> Json(this HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Stop));
        return document.RootElement.Clone();
    }

    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    public static JsonObject Text(string role, string text) => new() { ["role"] = role, ["content"] = text };

    public static JsonObject Shows(int picture) => new()
    {
        ["role"] = "user",
        ["content"] = new JsonArray(new JsonObject
        {
            ["type"] = "image_url",
            ["image_url"] = new JsonObject { ["url"] = Recordings.Recording.Picture(picture) },
        }),
    };

    public static JsonObject Chat(params JsonNode[] messages) => new()
    {
        ["model"] = "mini",
        ["max_tokens"] = 16,
        ["messages"] = new JsonArray([.. messages.Select(m => m.DeepClone())]),
    };

    public static string Content(this JsonElement completion) =>
        completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
