using System.Net;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class SessionsEndpointTests(ServerOfTests server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_listed_with_what_it_holds_until_it_is_deleted()
    {
        var name = Guid.NewGuid().ToString();
        using (await server.Client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "Open the menu"), Api.Shows(0)), name))
        using (var all = await server.Client.GetAsync("/v1/sessions", Stop))
            Assert.Contains((await all.Json()).GetProperty("data").EnumerateArray(), s => s.GetProperty("name").GetString() == name);
        using (var one = await server.Client.GetAsync($"/v1/sessions/{name}", Stop))
        {
            var card = await one.Json();
            Assert.Equal((1, 1), (card.GetProperty("steps").GetInt32(), card.GetProperty("frames").GetInt32()));
            Assert.True(card.GetProperty("host_bytes").GetInt64() > 0);
            Assert.True(card.GetProperty("full_bytes").GetInt64() > 0);
        }

        using (var deleted = await server.Client.DeleteAsync($"/v1/sessions/{name}", Stop))
            Assert.True((await deleted.Json()).GetProperty("deleted").GetBoolean());
        using var gone = await server.Client.GetAsync($"/v1/sessions/{name}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health")]
    [InlineData("/health/generate")]
    public async Task A_healthy_server_says_so(string path)
    {
        using var response = await server.Client.GetAsync(path, Stop);
        Assert.Equal("ok", (await response.Json()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_loaded_model_is_listed()
    {
        using var all = await server.Client.GetAsync("/v1/models", Stop);
        Assert.Equal("mini", (await all.Json()).GetProperty("data")[0].GetProperty("id").GetString());
        using var one = await server.Client.GetAsync("/models/mini", Stop);
        Assert.Equal("starkv", (await one.Json()).GetProperty("owned_by").GetString());
        using var other = await server.Client.GetAsync("/v1/models/other/name", Stop);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }
}
