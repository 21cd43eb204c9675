using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Recordings;

namespace StarKV.Server.Tests.Serve;

/// <summary>Every recorded request is sent to a server process, with what it answered in place of what the stub had.</summary>
public sealed class ReplayTests(ReplayTests.ServerForAll server) : IClassFixture<ReplayTests.ServerForAll>
{
    private static readonly HashSet<string> s_ofTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "connection", "content-length", "content-type", "authorization", "accept-encoding", "transfer-encoding", "sec-fetch-mode",
    };

    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Every_request_is_answered_in_its_session(string name)
    {
        var recording = Recording.Of(name);
        var live = new Dictionary<string, string>();
        foreach (var (request, expected) in recording.Requests.Zip(recording.Outcomes()).Where(r => !r.First.Left))
        {
            var body = request.Body is null ? null : recording.Body(request, text => live.GetValueOrDefault(text, text));
            var path = string.Join('/', request.Path.Split('/').Select(part => live.GetValueOrDefault(part, part)));
            using var sent = Message(request, path, body, name);
            using var response = await server.Process.Client.SendAsync(sent, TestContext.Current.CancellationToken);
            var raw = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (body?["tools"] is JsonArray { Count: > 0 } || expected.GetProperty("outcome").GetString() == "refused")
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                continue;
            }

            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{request.N}: {raw}");
            if (request.Method != "POST")
                continue;
            var (id, text, usage) = Read(raw, body!);
            Assert.True(usage.GetProperty("total_tokens").GetInt32() > 0);
            live[request.Answer!] = text;
            live[$"resp_{request.N}"] = id;
            var outcome = usage.GetProperty("starkv").GetProperty("outcome").GetString();
            if (body!["stream"]?.GetValue<bool>() != true)
                Assert.Equal(outcome, Assert.Single(response.Headers.GetValues("X-StarKV-Outcome")));
            // Its second run shows the screens of the first again, and greedy answers repeat, as the stub's did not: the first
            // conversation, which is longer, has more in common with each request than the second one's own.
            if (name == "openai-agents.jsonl" && request.N > 8)
                Assert.Contains(outcome, new[] { "append", "cut" });
            else
                Assert.Equal(expected.GetProperty("outcome").GetString(), outcome);
        }
    }

    private static HttpRequestMessage Message(RecordedRequest request, string path, JsonObject? body, string key)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), path);
        if (body is not null)
        {
            // What was counted is asked for in every stream, so that its outcome is told.
            if (body["stream"]?.GetValue<bool>() == true && body["messages"] is not null)
                body["stream_options"] = new JsonObject { ["include_usage"] = true };
            message.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in request.Headers.Where(h => !s_ofTheConnection.Contains(h.Key)))
            message.Headers.TryAddWithoutValidation(name, value);
        message.Headers.Authorization = new("Bearer", key);
        return message;
    }

    private static (string Id, string Text, JsonElement Usage) Read(string raw, JsonObject body)
    {
        if (body["stream"]?.GetValue<bool>() != true)
        {
            var whole = JsonDocument.Parse(raw).RootElement;
            return (whole.GetProperty("id").GetString()!, TextOf(whole), whole.GetProperty("usage"));
        }

        var events = raw.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal) && l != "data: [DONE]")
            .Select(l => JsonDocument.Parse(l["data: ".Length..]).RootElement).ToList();
        if (events[^1].TryGetProperty("response", out var response))
            return (response.GetProperty("id").GetString()!, TextOf(response), response.GetProperty("usage"));
        Assert.EndsWith("data: [DONE]\n\n", raw, StringComparison.Ordinal);
        var text = string.Concat(events.SelectMany(e => e.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString() : ""));
        return (events[0].GetProperty("id").GetString()!, text, events[^1].GetProperty("usage"));
    }

    private static string TextOf(JsonElement answer) => answer.TryGetProperty("choices", out var choices)
        ? choices[0].GetProperty("message").GetProperty("content").GetString()!
        : answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()!;

    /// <summary>One server for all recordings; each has a key, so that none finds another's sessions.</summary>
    public sealed class ServerForAll : IDisposable
    {
        private readonly TempFolder _temp = new();

        public ServerForAll()
        {
            var keys = _temp.Write("keys.txt", Encoding.UTF8.GetBytes(string.Join('\n', Recording.Names)));
            Process = new ServeProcess("--name", "starkv", "--api-key-file", keys, "--keep", "50%", "--max-answer", "16");
        }

        internal ServeProcess Process { get; }

        public void Dispose()
        {
            Process.Dispose();
            _temp.Dispose();
        }
    }
}
