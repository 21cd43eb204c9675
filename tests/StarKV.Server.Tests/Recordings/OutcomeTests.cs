using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Answering;
using StarKV.Server.Errors;
using StarKV.Server.Reading;
using StarKV.Server.Responses;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Server.Wire;
using StarKV.Text;

namespace StarKV.Server.Tests.Recordings;

/// <summary>Every recorded request finds the session that <c>outcomes.json</c> says, and is related to it as it says.</summary>
public sealed class OutcomeTests
{
    private static readonly RequestLimits s_limits = new();

    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Each_request_finds_its_session(string name)
    {
        var (recording, asked) = (Recording.Of(name), 0);
        var outcomes = recording.Outcomes();
        Assert.Equal(recording.Requests.Count, outcomes.Count);
        using var run = new Run();
        foreach (var (request, expected) in recording.Requests.Zip(outcomes))
        {
            asked++;
            Assert.Equal(asked, expected.GetProperty("n").GetInt32());
            if (request.Left)
                Assert.Equal("left", expected.GetProperty("outcome").GetString());
            else if (request.Method == "DELETE")
                run.Delete(request, expected);
            else if (request.Method == "GET")
                Assert.NotNull(run.Store.Read("", run.Live(request.Path.Split('/')[^1])));
            else if (request.Path.EndsWith("/chat/completions", StringComparison.Ordinal))
                await run.Chat(request, recording.Body(request, run.Live), expected);
            else
                await run.Responses(request, recording.Body(request, run.Live), expected);
        }
    }

    /// <summary>What a server would hold, without a model: answers are the recorded ones.</summary>
    private sealed class Run : IDisposable
    {
        private readonly SessionTable _table = new(new SessionLimits(), TimeProvider.System);
        private readonly RequestReader _reader = new(new MessageReader(new ScreenReader(s_limits), s_limits), s_limits);
        private readonly Dictionary<string, string> _ids = [];

        public ResponseStore Store { get; } = new(new SessionLimits(), TimeProvider.System);

        public string Live(string text) => _ids.GetValueOrDefault(text, text);

        public async Task Chat(RecordedRequest request, JsonObject sent, JsonElement expected)
        {
            using var body = Parsed(sent);
            var chat = _reader.Chat(new Field(body.RootElement, ""), Headers(request), "");
            await Step(request, expected, chat.Turns, chat.Session.Name, null);
        }

        public async Task Responses(RecordedRequest request, JsonObject sent, JsonElement expected)
        {
            using var body = Parsed(sent);
            if (sent["tools"] is JsonArray { Count: > 0 })
            {
                // outcomes.json is about sessions alone; no tool is called here.
                var refused = Assert.Throws<ApiException>(() => _reader.Responses(new Field(body.RootElement, ""), Headers(request), ""));
                Assert.Equal("unsupported_tool", refused.Code);
                return;
            }

            var asked = _reader.Responses(new Field(body.RootElement, ""), Headers(request), "");
            if (expected.GetProperty("outcome").GetString() == "refused")
            {
                var e = Assert.Throws<ApiException>(() => Store.Continued("", asked.Previous!));
                Assert.Equal(expected.GetProperty("code").GetString(), e.Code);
                return;
            }

            var (parent, place) = asked.Previous is { } id ? Store.Continued("", id) : default((StoredResponse?, SessionPlace?));
            var before = parent?.History(asked.Instructions) ?? [.. StoredResponse.SystemTurn(asked.Instructions)];
            var session = await Step(request, expected, [.. before, .. asked.Turns], asked.Session.Name, place);
            var given = Store.NextId("");
            _ids[$"resp_{request.N}"] = session.LastResponse = given;
            var done = new ResponseBody(given, 0, "starkv") { Output = [new ResponseMessage("msg", "completed", [new OutputText(request.Answer!)])] };
            Store.Add(new StoredResponse(done, "", parent, asked.Turns, asked.Instructions ?? parent?.Instructions, session));
        }

        public void Delete(RecordedRequest request, JsonElement expected)
        {
            var id = Live(request.Path.Split('/')[^1]);
            var held = Store.Continued("", id).Response;
            Assert.Equal("frames dropped", expected.GetProperty("outcome").GetString());
            var before = held.Own.Sum(TurnText.Screens);
            Store.Delete("", id);
            Assert.Equal(expected.GetProperty("images").GetInt32(), before - held.Own.Sum(TurnText.Screens));
        }

        public void Dispose() => _table.Dispose();

        private async Task<KeptSession> Step(
            RecordedRequest request, JsonElement expected, IReadOnlyList<ConversationMessage> turns, string? name, SessionPlace? after)
        {
            var query = new SessionQuery("", new SessionSettings(null, null), turns) { Name = name, After = after };
            using var claim = await _table.ClaimAsync(query, TestContext.Current.CancellationToken);
            Check(expected, claim.Comparison, claim.By, turns);
            claim.Session.Take([.. claim.Comparison.Turns, Answer(request)], claim.Comparison.Outcome);
            return claim.Session;
        }
    }

    private static void Check(JsonElement expected, TurnComparison found, string? by, IReadOnlyList<ConversationMessage> turns)
    {
        Assert.Equal(expected.GetProperty("outcome").GetString(), StepResult.NameOf(found.Outcome));
        Assert.Equal(expected.GetProperty("kept").GetInt32(), found.Kept);
        Assert.Equal(expected.GetProperty("dropped").EnumerateArray().Select(i => i.GetInt32()), found.Dropped);
        Assert.Equal(expected.GetProperty("read").GetInt32(), found.Read);
        Assert.Equal(expected.GetProperty("images").GetInt32(), turns.Sum(TurnText.Screens));
        // The script calls its one session without a name found before it is compared.
        if (found.Outcome != Outcome.New)
            Assert.Equal(expected.GetProperty("by").GetString(), by);
    }

    private static ConversationMessage Answer(RecordedRequest request) =>
        new(ChatRole.Assistant, [ConversationPart.Of(request.Answer!)]);

    private static HeaderDictionary Headers(RecordedRequest request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
            headers[name] = value;
        return headers;
    }

    private static JsonDocument Parsed(JsonObject body) => JsonBody.Parse(JsonSerializer.SerializeToUtf8Bytes(body));
}
