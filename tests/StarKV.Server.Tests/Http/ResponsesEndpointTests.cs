using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class ResponsesEndpointTests(ServerOfTests server)
{
    private const string Path = "/v1/responses";
    private const string Task = "Choose \"Confirm Orders\" in the \"Tasks\" menu.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JsonObject Shows(int picture) => new()
    {
        ["role"] = "user",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "input_image", ["image_url"] = Recordings.Recording.Picture(picture) }),
    };

    private static JsonObject Request(JsonNode input, string? previous = null) => new()
    {
        ["model"] = "mini",
        ["max_output_tokens"] = 16,
        ["input"] = input,
        ["previous_response_id"] = previous,
    };

    private async Task<(JsonElement Body, string Outcome)> Ask(JsonObject request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await server.Client.Post(Path, request);
        Assert.Equal(status, response.StatusCode);
        return (await response.Json(), response.Header("X-StarKV-Outcome"));
    }

    private static string Id(JsonElement body) => body.GetProperty("id").GetString()!;

    private static int Cached(JsonElement body) =>
        body.GetProperty("usage").GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32();

    private static int Read(JsonElement body) => body.GetProperty("usage").GetProperty("input_tokens").GetInt32();

    private async Task<HttpStatusCode> Send(HttpMethod method, string path)
    {
        using var response = await server.Client.SendAsync(new HttpRequestMessage(method, path), Stop);
        _ = await response.Json();
        return response.StatusCode;
    }

    [Fact]
    public async Task A_chain_reads_what_is_new_and_lives_on_without_its_first_screenshot()
    {
        var (first, outcome) = await Ask(Request(JsonValue.Create($"{Task} {Guid.NewGuid()}")));
        Assert.Equal(("new", 0), (outcome, Cached(first)));
        Assert.Equal("response", first.GetProperty("object").GetString());
        Assert.Equal("output_text", first.GetProperty("output")[0].GetProperty("content")[0].GetProperty("type").GetString());
        var (second, next) = await Ask(Request(new JsonArray(Shows(0)), Id(first)));
        Assert.Equal("append", next);
        var (third, _) = await Ask(Request(new JsonArray(Shows(1)), Id(second)));
        Assert.True(Cached(third) > Read(third) / 3);

        Assert.Equal(HttpStatusCode.OK, await Send(HttpMethod.Delete, $"{Path}/{Id(second)}"));
        Assert.Equal(HttpStatusCode.OK, await Send(HttpMethod.Delete, $"{Path}/{Id(second)}"));
        Assert.Equal(HttpStatusCode.NotFound, await Send(HttpMethod.Get, $"{Path}/{Id(second)}"));
        var (fourth, after) = await Ask(Request(new JsonArray(Shows(2)), Id(third)));
        Assert.Equal("append", after);
        // One screenshot came and one went; the rest was known.
        Assert.InRange(Read(fourth) - Read(third), 0, 60);
        Assert.True(Cached(fourth) > Read(fourth) / 3);
    }

    [Fact]
    public async Task A_request_that_comes_twice_at_once_is_one_response()
    {
        var (first, _) = await Ask(Request(new JsonArray(Api.Text("user", $"{Task} {Guid.NewGuid()}"), Shows(0))));
        var asked = Enumerable.Range(0, 3).Select(_ => Ask(Request(new JsonArray(Shows(1)), Id(first)))).ToList();
        var all = await System.Threading.Tasks.Task.WhenAll(asked);
        Assert.Equal(["append", "replay", "replay"], all.Select(a => a.Outcome).Order(StringComparer.Ordinal));
        Assert.Single(all.Select(a => Id(a.Body)).Distinct());
        Assert.Equal("append", (await Ask(Request(new JsonArray(Shows(2)), Id(all[0].Body)))).Outcome);
        // It was delivered: whoever asks later wants another response.
        Assert.Equal("fork", (await Ask(Request(new JsonArray(Shows(1)), Id(first)))).Outcome);
    }

    [Fact]
    public async Task A_second_continuation_is_a_conversation_of_its_own()
    {
        var (first, _) = await Ask(Request(new JsonArray(Api.Text("user", $"{Task} {Guid.NewGuid()}"), Shows(0))));
        var (one, _) = await Ask(Request(new JsonArray(Shows(1)), Id(first)));
        var (other, outcome) = await Ask(Request(new JsonArray(Shows(2)), Id(first)));
        Assert.Equal("fork", outcome);
        Assert.True(Cached(other) > 0);
        var (further, next) = await Ask(Request(new JsonArray(Shows(3)), Id(one)));
        Assert.Equal("append", next);
        Assert.True(Cached(further) > Read(further) / 3);
    }

    [Fact]
    public async Task Instructions_stay_for_the_chain_until_others_are_given()
    {
        var request = Request(new JsonArray(Shows(0)));
        request["instructions"] = $"You are a GUI agent. {Guid.NewGuid()}";
        request["metadata"] = new JsonObject { ["task"] = "7" };
        var (first, _) = await Ask(request);
        Assert.Equal("7", first.GetProperty("metadata").GetProperty("task").GetString());
        var (second, outcome) = await Ask(Request(new JsonArray(Shows(1)), Id(first)));
        Assert.Equal("append", outcome);
        Assert.Equal(request["instructions"]!.GetValue<string>(), second.GetProperty("instructions").GetString());
        var changed = Request(new JsonArray(Shows(2)), Id(second));
        changed["instructions"] = "Be brief.";
        var (_, other) = await Ask(changed);
        Assert.Equal("new", other);
    }

    [Fact]
    public async Task What_is_not_stored_cannot_be_continued()
    {
        var request = Request(JsonValue.Create(Task));
        request["store"] = false;
        var (first, _) = await Ask(request);
        var (refused, _) = await Ask(Request(JsonValue.Create("Go on"), Id(first)), HttpStatusCode.BadRequest);
        Assert.Equal("previous_response_not_found", refused.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_newest_response_of_a_chain_is_gone_when_it_is_deleted()
    {
        var (first, _) = await Ask(Request(new JsonArray(Api.Text("user", $"{Task} {Guid.NewGuid()}"), Shows(0))));
        var (second, _) = await Ask(Request(new JsonArray(Shows(1)), Id(first)));
        Assert.Equal(HttpStatusCode.OK, await Send(HttpMethod.Delete, $"{Path}/{Id(second)}"));
        await Ask(Request(new JsonArray(Shows(2)), Id(second)), HttpStatusCode.BadRequest);
        var (third, outcome) = await Ask(Request(new JsonArray(Shows(2)), Id(first)));
        Assert.Equal("append", outcome);
        Assert.True(Cached(third) > 0);
    }

    [Theory]
    [InlineData("GET", "resp_never", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "resp_never", HttpStatusCode.NotFound)]
    public async Task An_id_that_was_never_given_is_not_found(string method, string id, HttpStatusCode status) =>
        Assert.Equal(status, await Send(new HttpMethod(method), $"{Path}/{id}"));

    [Fact]
    public async Task A_stream_tells_the_whole_answer_in_order()
    {
        var request = Request(new JsonArray(Api.Text("user", Task), Shows(0)));
        var (whole, _) = await Ask(request);
        request["stream"] = true;
        using var response = await server.Client.Post(Path, request);
        Assert.StartsWith("sess_", response.Header("X-StarKV-Session"), StringComparison.Ordinal);
        var raw = await response.Content.ReadAsStringAsync(Stop);
        var events = raw.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('\n')).Where(e => e.Length == 2).ToList();
        var data = events.Select(e => JsonDocument.Parse(e[1]["data: ".Length..]).RootElement).ToList();
        Assert.All(events.Zip(data), e => Assert.Equal($"event: {e.Second.GetProperty("type").GetString()}", e.First[0]));
        Assert.Equal(Enumerable.Range(0, data.Count), data.Select(d => d.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("response.created", data[0].GetProperty("type").GetString());
        var text = string.Concat(data.Where(d => d.GetProperty("type").GetString() == "response.output_text.delta")
            .Select(d => d.GetProperty("delta").GetString()));
        Assert.Equal(whole.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(), text);
        var last = data[^1];
        Assert.Equal($"response.{whole.GetProperty("status").GetString()}", last.GetProperty("type").GetString());
        Assert.True(Read(last.GetProperty("response")) > 0);
        Assert.Equal(
            last.GetProperty("response").GetProperty("usage").GetProperty("starkv").GetProperty("outcome").GetString(),
            response.Header("X-StarKV-Outcome"));
        // It is over, and may be cancelled all the same.
        Assert.Equal(HttpStatusCode.OK, await Send(HttpMethod.Post, $"{Path}/{Id(last.GetProperty("response"))}/cancel"));
    }
}
