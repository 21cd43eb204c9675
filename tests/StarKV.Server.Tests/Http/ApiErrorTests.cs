using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Http;

/// <summary>Whatever is wrong, the answer is an error object.</summary>
[Collection(ServerTests.Name)]
public sealed class ApiErrorTests(ServerOfTests server)
{
    private const string Chat = "/v1/chat/completions";

    private static async Task<JsonElement> Error(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var error = (await response.Json()).GetProperty("error");
        Assert.Equal((status, code), (response.StatusCode, error.GetProperty("code").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        Assert.NotEmpty(response.Header("x-request-id"));
        if (status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            Assert.InRange(int.Parse(response.Header("Retry-After"), CultureInfo.InvariantCulture), 1, 60);
        else
            Assert.Equal("false", response.Header("x-should-retry"));
        return error;
    }

    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("{\"model\":\"mini\",\"model\":\"mini\"}", "invalid_json", null)]
    [InlineData("{\"messages\":[]}", "missing_field", "model")]
    [InlineData("{\"model\":\"mini\"}", "missing_field", "messages")]
    [InlineData("{\"model\":\"mini\",\"messages\":[]}", "invalid_value", "messages")]
    [InlineData("{\"model\":\"mini\",\"messages\":\"hi\"}", "invalid_value", "messages")]
    [InlineData("{\"model\":\"mini\",\"messages\":[{\"content\":\"hi\"}]}", "missing_field", "messages[0].role")]
    [InlineData("{\"model\":\"mini\",\"messages\":[{\"role\":\"tool\",\"content\":\"hi\"}]}", "unsupported_item", "messages[0].role")]
    [InlineData("{\"model\":\"mini\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"audio\"}]}]}", "unsupported_item", "messages[0].content[0]")]
    [InlineData("{\"model\":\"mini\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", "invalid_json", "messages[0].content")]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string code, string? param)
    {
        using var response = await server.Client.PostText(Chat, body);
        var error = await Error(response, HttpStatusCode.BadRequest, code);
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("n", "2", "unsupported_parameter")]
    [InlineData("max_tokens", "0", "invalid_value")]
    [InlineData("temperature", "2.5", "invalid_value")]
    [InlineData("top_p", "0", "invalid_value")]
    [InlineData("seed", "1.5", "invalid_value")]
    [InlineData("stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "invalid_value")]
    [InlineData("logprobs", "true", "unsupported_parameter")]
    [InlineData("frequency_penalty", "0.5", "unsupported_parameter")]
    [InlineData("tools", "[{\"type\":\"computer\"}]", "unsupported_tool")]
    [InlineData("tool_choice", "\"required\"", "unsupported_parameter")]
    [InlineData("response_format", "{\"type\":\"json_object\"}", "unsupported_parameter")]
    [InlineData("starkv", "{\"method\":\"no-such\"}", "invalid_value")]
    [InlineData("starkv", "{\"keep\":\"-3\"}", "invalid_value")]
    [InlineData("starkv", "{\"session\":\"a b\"}", "invalid_session_id")]
    public async Task A_field_that_is_not_offered_is_refused(string field, string value, string code)
    {
        var body = Api.Chat(Api.Text("user", "hi"));
        body[field] = JsonNode.Parse(value);
        using var response = await server.Client.Post(Chat, body);
        var error = await Error(response, HttpStatusCode.BadRequest, code);
        Assert.StartsWith(field, error.GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_say_nothing_are_taken()
    {
        var body = Api.Chat(Api.Text("user", "hi"));
        foreach (var (name, value) in new[]
            {
                ("seed", "null"), ("stop", "null"), ("frequency_penalty", "null"), ("presence_penalty", "0"), ("n", "1"), ("tools", "[]"),
                ("tool_choice", "\"none\""), ("response_format", "{\"type\":\"text\"}"), ("thinking", "{\"type\":\"disabled\"}"),
                ("logprobs", "false"), ("max_completion_tokens", "1"), ("temperature", "0.5"), ("top_p", "0.7"), ("user", "\"me\""),
            })
        {
            body[name] = JsonNode.Parse(value);
        }

        using var response = await server.Client.Post(Chat, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, (await response.Json()).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("http://example.org/a.png")]
    [InlineData("data:image/png,abc")]
    [InlineData("data:image/png;base64,!!!!")]
    [InlineData("data:image/png;base64,aGVsbG8=")]
    [InlineData("data:image/png;base64,")]
    public async Task A_picture_that_is_none_is_refused(string address)
    {
        var body = Api.Chat(Api.Shows(0));
        body["messages"]![0]!["content"]![0]!["image_url"] = address;
        using var response = await server.Client.Post(Chat, body);
        var error = await Error(response, HttpStatusCode.BadRequest, "invalid_image");
        Assert.Equal("messages[0].content[0].image_url", error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task More_pictures_than_a_request_may_have_are_refused()
    {
        using var response = await server.Client.Post(Chat, Api.Chat([.. Enumerable.Range(0, 21).Select(Api.Shows)]));
        await Error(response, HttpStatusCode.BadRequest, "invalid_image");
    }

    [Fact]
    public async Task A_conversation_that_is_too_long_is_refused()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} "));
        using var response = await server.Client.Post(Chat, Api.Chat(Api.Text("user", text)));
        await Error(response, HttpStatusCode.BadRequest, "context_length_exceeded");
    }

    [Fact]
    public async Task A_model_that_is_not_loaded_is_named_with_the_one_that_is()
    {
        var body = Api.Chat(Api.Text("user", "hi"));
        body["model"] = "gpt";
        using var response = await server.Client.Post(Chat, body);
        var error = await Error(response, HttpStatusCode.NotFound, "model_not_found");
        Assert.Contains("mini is", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/page")]
    public async Task An_unknown_route_is_told_so(string path)
    {
        using var response = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_one()
    {
        using var response = await server.Client.GetAsync(Chat, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        await using var small = await server.Another(ServerOfTests.Options with { Limits = new() { BodyBytes = 1000 } });
        using var client = ServerOfTests.ClientOf(small);
        using var response = await client.PostText(Chat, new string(' ', 2000));
        await Error(response, HttpStatusCode.RequestEntityTooLarge, "request_too_large");
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(120, 10)]
    public async Task Headers_beyond_the_limit_are_refused_with_a_body(int headers, int length)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        for (var i = 0; i < headers; i++)
            request.Headers.Add($"x-some-{i}", new string('a', length));
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers_too_large");
    }

    [Theory]
    [InlineData("task-7:step.3", true)]
    [InlineData("a b", false)]
    [InlineData("<script>", false)]
    public async Task The_id_of_a_request_is_kept_where_it_is_a_name(string id, bool kept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
        request.Headers.Add("x-request-id", id);
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.NotFound, "not_found");
        Assert.Matches(kept ? $"^{id}$" : "^req_[0-9a-f]{32}$", response.Header("x-request-id"));
    }

    [Fact]
    public async Task A_deadline_that_is_over_is_told_with_when_to_try_again()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent(Api.Chat(Api.Text("user", "hi"), Api.Shows(0)).ToJsonString()),
        };
        request.Headers.Add("X-Stainless-Timeout", "0.002");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.TooManyRequests, "wait_too_long");
    }

    [Fact]
    public async Task Keys_are_needed_where_they_are_set_and_their_sessions_are_apart()
    {
        await using var guarded = await server.Another(ServerOfTests.Options with { ApiKeys = ["one", "two"] });
        using var client = ServerOfTests.ClientOf(guarded);
        using (var response = await client.Post(Chat, Api.Chat(Api.Text("user", "hi"))))
            await Error(response, HttpStatusCode.Unauthorized, "invalid_api_key");
        using (var live = await client.GetAsync("/health/live", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var chat = Api.Chat(Api.Text("user", "hi"), Api.Shows(0));
        foreach (var key in new[] { "one", "two" })
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            using var response = await client.Post(Chat, chat, "shared");
            Assert.Equal("new", response.Header("X-StarKV-Outcome"));
        }
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Pages_of_others_may_not_ask_a_server_on_this_machine(string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await Error(response, HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_key()
    {
        var e = await Assert.ThrowsAsync<StarKvException>(() => server.Another(ServerOfTests.Options with { Host = "0.0.0.0" }));
        Assert.Contains("--insecure", e.Message, StringComparison.Ordinal);
    }
}
