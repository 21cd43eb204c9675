using System.Net;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class DrainTests(ServerOfTests server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JsonObject Long(bool stream)
    {
        var body = Api.Chat(Api.Text("user", "Tell me everything"), Api.Shows(0));
        (body["max_tokens"], body["temperature"], body["stream"]) = (2048, 2.0, stream);
        return body;
    }

    [Fact]
    public async Task A_server_that_ends_refuses_new_work_and_finishes_what_runs()
    {
        await using var ending = await server.Another(ServerOfTests.Options with { DrainNotice = TimeSpan.FromSeconds(2) });
        using var client = ServerOfTests.ClientOf(ending);
        var running = client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "hi"), Api.Shows(0)));
        while (ending.Running == 0 && !running.IsCompleted)
            await Task.Delay(1, Stop);
        var drained = ending.DrainAsync(Stop);
        using (var refused = await client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "hi"))))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("draining", (await refused.Json()).GetProperty("error").GetProperty("code").GetString());
            Assert.NotEmpty(refused.Header("Retry-After"));
        }

        using (var ready = await client.GetAsync("/health/ready", Stop))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using (var finished = await running)
            Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
        Assert.True(await drained);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/health/live", Stop));
    }

    [Fact]
    public async Task What_does_not_finish_in_time_ends_as_failed_and_not_cleanly()
    {
        await using var ending = await server.Another(ServerOfTests.Options with { DrainTimeout = TimeSpan.Zero });
        using var client = ServerOfTests.ClientOf(ending);
        using var response = await client.Post("/v1/chat/completions", Long(stream: true), until: HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(body);
        Assert.StartsWith("data: ", await reader.ReadLineAsync(Stop), StringComparison.Ordinal);
        var drained = ending.DrainAsync(Stop);
        var lines = new List<string>();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await reader.ReadLineAsync(Stop) is { } line)
                lines.Add(line);
        });
        Assert.Contains(lines, l => l.StartsWith("data: {\"error\":", StringComparison.Ordinal) && l.Contains("draining", StringComparison.Ordinal));
        Assert.False(await drained);
    }
}
