using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StarKV.Server.Tests.Http;

[Collection(ServerTests.Name)]
public sealed class ChatEndpointTests(ServerOfTests server)
{
    private const string Task = "Choose \"Confirm Orders\" in the \"Tasks\" menu.";

    private readonly string _session = Guid.NewGuid().ToString();

    private async Task<(string Text, JsonElement Usage, string Outcome)> Ask(IEnumerable<JsonNode> messages, string? session)
    {
        using var response = await server.Client.Post("/v1/chat/completions", Api.Chat([.. messages]), session);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Json();
        return (body.Content(), body.GetProperty("usage"), response.Header("X-StarKV-Outcome"));
    }

    [Fact]
    public async Task An_answer_has_every_field_that_clients_read()
    {
        using var response = await server.Client.Post("/chat/completions", Api.Chat(Api.Text("user", Task), Api.Shows(0)));
        var body = await response.Json();
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.StartsWith("chatcmpl-", body.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("mini", body.GetProperty("model").GetString());
        Assert.True(body.GetProperty("created").GetInt64() > 1_700_000_000);
        var choice = body.GetProperty("choices")[0];
        Assert.Contains(choice.GetProperty("finish_reason").GetString(), new[] { "stop", "length" });
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.NotEmpty(body.Content());
        var usage = body.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt32(),
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
        Assert.Matches("^req_[0-9a-f]{32}$", response.Header("x-request-id"));
        Assert.Contains("prefill;dur=", response.Header("Server-Timing"), StringComparison.Ordinal);
        Assert.True(long.Parse(response.Header("X-StarKV-Kv-Bytes")) < long.Parse(response.Header("X-StarKV-Kv-Full-Bytes")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_named_conversation_and_one_without_a_name_read_what_is_new_alone(bool named)
    {
        // Another task for each, so that they are not taken for one another.
        List<JsonNode> messages = [Api.Text("user", $"{Task} {_session}"), Api.Shows(0)];
        var session = named ? _session : null;
        var first = await Ask(messages, session);
        Assert.Equal(("new", 0), (first.Outcome, Cached(first.Usage)));
        messages.AddRange([Api.Text("assistant", first.Text), Api.Shows(1)]);
        var second = await Ask(messages, session);
        Assert.Equal("append", second.Outcome);
        Assert.True(Cached(second.Usage) > second.Usage.GetProperty("prompt_tokens").GetInt32() / 3);
    }

    [Fact]
    public async Task Screenshots_that_the_client_leaves_out_leave_the_session()
    {
        List<JsonNode> messages = [Api.Text("user", Task), Api.Shows(0)];
        for (var step = 1; step < 5; step++)
        {
            if (step > 2)
                messages.RemoveAt(step - 2);
            var (text, usage, outcome) = await Ask(messages, _session);
            Assert.Equal(step == 1 ? "new" : step == 2 ? "append" : "slide", outcome);
            Assert.Equal(step > 1, Cached(usage) > usage.GetProperty("prompt_tokens").GetInt32() / 3);
            messages.AddRange([Api.Text("assistant", text), Api.Shows(step)]);
        }
    }

    [Fact]
    public async Task A_stream_has_the_pieces_of_the_answer_and_ends()
    {
        var body = Api.Chat(Api.Text("user", Task), Api.Shows(0));
        using var whole = await server.Client.Post("/v1/chat/completions", body);
        var text = (await whole.Json()).Content();
        body["stream"] = true;
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        using var response = await server.Client.Post("/v1/chat/completions", body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        var raw = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var events = raw.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => !e.StartsWith(':')).ToList();
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.StartsWith("sess_", response.Header("X-StarKV-Session"), StringComparison.Ordinal);
        Assert.Equal("cut", response.Header("X-StarKV-Outcome"));
        var chunks = events.SkipLast(1).Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement).ToList();
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(text, string.Concat(chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString() : "")));
        Assert.Single(chunks, c => c.GetProperty("choices").GetArrayLength() > 0
            && c.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind == JsonValueKind.String);
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        var usage = chunks[^1].GetProperty("usage");
        Assert.True(usage.GetProperty("total_tokens").GetInt32() > 0);
        Assert.Equal("cut", usage.GetProperty("starkv").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Positions_that_run_out_are_told_apart()
    {
        await using var far = await server.Another(ServerOfTests.Options with { Limits = new() { AnswerTokens = 7000 } });
        using var client = ServerOfTests.ClientOf(far);
        var shows = Api.Shows(0);
        shows["content"]!.AsArray().Add(new JsonObject { ["type"] = "text", ["text"] = string.Concat(Enumerable.Repeat("so it is ", 700)) });
        using var first = await client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", Task), shows), _session);
        var body = Api.Chat(Api.Text("user", Task), Api.Text("assistant", (await first.Json()).Content()), Api.Shows(1));
        (body["max_tokens"], body["stop"]) = (7000, "(");
        using var second = await client.Post("/v1/chat/completions", body, _session);
        Assert.Equal(("new", "rebased"), (first.Header("X-StarKV-Outcome"), second.Header("X-StarKV-Outcome")));
        Assert.Equal(0, Cached((await second.Json()).GetProperty("usage")));
    }

    [Fact]
    public async Task A_client_that_leaves_leaves_the_session_as_it_was()
    {
        List<JsonNode> messages = [Api.Text("user", Task), Api.Shows(0)];
        var first = await Ask(messages, _session);
        messages.AddRange([Api.Text("assistant", first.Text), Api.Shows(1)]);
        var body = Api.Chat([.. messages]);
        body["stream"] = true;
        using (var response = await server.Client.Post("/v1/chat/completions", body, _session, HttpCompletionOption.ResponseHeadersRead))
            await (await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)).ReadExactlyAsync(
                new byte[1], TestContext.Current.CancellationToken);
        var again = await Ask(messages, _session);
        // Either the step was left, or it was over when the client went, with its answer delivered or not.
        Assert.Contains(again.Outcome, new[] { "append", "cut", "replay" });
        Assert.True(Cached(again.Usage) > 0);
    }

    [Fact]
    public async Task A_request_that_comes_twice_at_once_is_computed_once()
    {
        JsonNode[] messages = [Api.Text("user", Task), Api.Shows(0), Api.Shows(1)];
        var both = await System.Threading.Tasks.Task.WhenAll(Ask(messages, _session), Ask(messages, _session));
        Assert.Equal(["new", "replay"], both.Select(b => b.Outcome).Order(StringComparer.Ordinal));
        Assert.Equal(both[0].Text, both[1].Text);
        var replay = both.Single(b => b.Outcome == "replay").Usage;
        Assert.Equal(replay.GetProperty("prompt_tokens").GetInt32(), Cached(replay));
        // It was delivered: whoever asks later wants another answer.
        Assert.Equal("cut", (await Ask(messages, _session)).Outcome);
    }

    [Fact]
    public async Task A_request_that_comes_again_takes_over_the_work_of_a_client_that_left()
    {
        var body = Api.Chat(Api.Text("user", Task), Api.Shows(0), Api.Shows(1), Api.Shows(2));
        (body["max_tokens"], body["temperature"], body["stream"]) = (400, 1.5, true);
        using var leaver = new HttpClient { BaseAddress = server.Client.BaseAddress };
        var first = await leaver.Post("/v1/chat/completions", body, _session, HttpCompletionOption.ResponseHeadersRead);
        var second = server.Client.Post("/v1/chat/completions", body, _session, HttpCompletionOption.ResponseHeadersRead);
        await System.Threading.Tasks.Task.WhenAny(second, System.Threading.Tasks.Task.Delay(500, TestContext.Current.CancellationToken));
        first.Dispose();
        using var answer = await second;
        Assert.Equal("replay", answer.Header("X-StarKV-Outcome"));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        // One step, whoever got its answer.
        using var session = await server.Client.GetAsync($"/v1/sessions/{_session}", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await session.Json()).GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task Words_alone_are_answered()
    {
        var first = await Ask([Api.Text("user", Task)], _session);
        var second = await Ask([Api.Text("user", Task), Api.Text("assistant", first.Text), Api.Shows(0)], _session);
        Assert.Equal("append", second.Outcome);
    }

    private static int Cached(JsonElement usage) => usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
}
