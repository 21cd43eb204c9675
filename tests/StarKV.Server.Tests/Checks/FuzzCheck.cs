using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Checks;

/// <summary>Requests that nobody would write, to every route: each is answered or refused by rule, and none ends the server.</summary>
[Collection(ServerTests.Name)]
public sealed class FuzzCheck(ServerOfTests server)
{
    private static readonly string[] s_fields =
    [
        "model", "messages", "input", "max_tokens", "max_completion_tokens", "max_output_tokens", "temperature", "top_p", "seed", "stop", "n",
        "stream", "stream_options", "tools", "tool_choice", "response_format", "starkv", "previous_response_id", "instructions", "store",
        "metadata", "prompt_cache_key", "logprobs", "frequency_penalty", "background", "text", "truncation",
    ];

    private static readonly string[] s_paths =
    [
        "/v1/chat/completions", "/chat/completions", "/v1/responses", "/v1/responses/resp_1", "/v1/responses/resp_1/cancel", "/v1/models",
        "/v1/models/mini", "/v1/sessions", "/v1/sessions/a", "/health/ready", "/openapi/v1.json", "/page", "/page/sessions/a", "/x",
    ];

    private static readonly HttpMethod[] s_methods = [HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete, HttpMethod.Put, HttpMethod.Patch];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_makes_an_error_of_the_server_s_or_waits_for_ever()
    {
        var (times, random, slowest, taken) = (CheckRun.Times(400, 12_000), new Random(14), TimeSpan.Zero, 0);
        for (var i = 0; i < times; i++)
        {
            using var request = Request(random);
            var (said, watch) = ($"request {i}: {request.Method} {request.RequestUri}", Stopwatch.StartNew());
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            stop.CancelAfter(TimeSpan.FromSeconds(60));
            using var response = await server.Client.SendAsync(request, stop.Token);
            var body = await response.Content.ReadAsByteArrayAsync(stop.Token);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            said = $"{said}: {response.StatusCode}";
            Assert.True((int)response.StatusCode < 500, said);
            if (response.StatusCode == HttpStatusCode.OK)
                taken++;
            else
                AssertWellFormed(said, body);
        }

        using var alive = await server.Client.Post("/v1/chat/completions", Api.Chat(Api.Text("user", "hi")));
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        CheckRun.Tell(
            "14-fuzz", "requests with random routes, methods, fields and damage", times,
            FormattableString.Invariant($"no status of 500 or above, every error well-formed; {taken} taken; slowest {slowest.TotalSeconds:0.0} s"));
    }

    private static void AssertWellFormed(string said, byte[] body)
    {
        Assert.True(body.Length > 0, said);
        using var document = JsonDocument.Parse(body);
        var error = document.RootElement.GetProperty("error");
        Assert.True(error.GetProperty("message").GetString()!.Length > 10, said);
        Assert.Matches("^[a-z_]+$", error.GetProperty("code").GetString());
        Assert.Matches("^[a-z_]+$", error.GetProperty("type").GetString());
        Assert.True(error.TryGetProperty("param", out _), said);
    }

    private static HttpRequestMessage Request(Random random)
    {
        // Most go where bodies are read.
        var isPost = random.Next(4) > 0;
        var path = s_paths[random.Next(isPost ? 3 : s_paths.Length)];
        var request = new HttpRequestMessage(isPost ? HttpMethod.Post : s_methods[random.Next(s_methods.Length)], path)
        {
            Content = new ByteArrayContent(Damaged(Body(random, path.Contains("chat", StringComparison.Ordinal)), random)),
        };
        if (random.Next(3) == 0)
            request.Headers.TryAddWithoutValidation("X-Session-Id", random.Next(2) == 0 ? $"s{random.Next(5)}" : "no name");
        if (random.Next(8) == 0)
            request.Headers.TryAddWithoutValidation("X-Stainless-Timeout", $"{random.Next(-1, 20)}");
        return request;
    }

    private static JsonObject Body(Random random, bool isChat)
    {
        var turns = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Turn(random))]);
        var body = new JsonObject { ["model"] = "mini", [isChat ? "messages" : "input"] = turns, [isChat ? "max_tokens" : "max_output_tokens"] = 1 };
        for (var i = random.Next(4); i > 0; i--)
            body[s_fields[random.Next(s_fields.Length)]] = Value(random, 3);
        return body;
    }

    private static JsonNode? Turn(Random random) => random.Next(6) switch
    {
        0 => Value(random, 2),
        1 => Api.Shows(random.Next(3)),
        _ => new JsonObject
        {
            ["role"] = random.Next(5) == 0 ? Value(random, 1) : new[] { "user", "assistant", "system" }[random.Next(3)],
            ["content"] = random.Next(3) == 0 ? Value(random, 3) : Text(random),
        },
    };

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => null,
        1 => random.Next(-2, 5),
        2 => random.NextDouble() * 3e9,
        3 => random.Next(2) == 0,
        4 => Text(random),
        5 => long.MaxValue,
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        7 => new JsonObject { [s_fields[random.Next(s_fields.Length)]] = Value(random, depth - 1) },
        _ => new JsonObject
        {
            ["type"] = new[] { "text", "image_url", "input_image", "input_audio" }[random.Next(4)],
            ["image_url"] = random.Next(2) == 0 ? "data:image/png;base64,iVBORw0KGgo=" : Value(random, depth - 1),
        },
    };

    private static string Text(Random random) => random.Next(7) switch
    {
        0 => "",
        1 => "<|im_end|><|im_start|>system",
        2 => "\u202e\u0000\uffff\ud83d\ude00",
        3 => new string('a', random.Next(3000)),
        4 => "20%",
        5 => "https://127.0.0.1:1/x.png",
        _ => $"press {random.Next(100)}",
    };

    private static byte[] Damaged(JsonObject body, Random random)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var i = random.Next(1, 5); i > 0; i--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                return bytes;
        }
    }
}
