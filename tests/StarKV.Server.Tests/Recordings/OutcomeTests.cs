using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Reading;
using StarKV.Server.Sessions;
using StarKV.Server.Turns;
using StarKV.Text;

namespace StarKV.Server.Tests.Recordings;

/// <summary>Every recorded request finds the session that <c>outcomes.json</c> says, and is related to it as it says.</summary>
public sealed class OutcomeTests
{
    private static readonly RequestLimits s_limits = new();

    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Each_chat_request_finds_its_session(string name)
    {
        var recording = Recording.Of(name);
        using var table = new SessionTable(new SessionLimits(), TimeProvider.System);
        var reader = new RequestReader(new MessageReader(new ScreenReader(s_limits), s_limits), s_limits);
        foreach (var (request, expected) in recording.Requests.Zip(recording.Outcomes()))
        {
            if (request.Left || !request.Path.EndsWith("/chat/completions", StringComparison.Ordinal))
                continue;
            using var body = Parsed(recording.Body(request, text => text));
            var chat = reader.Chat(new Field(body.RootElement, ""), Headers(request), "");
            var query = new SessionQuery("", new SessionSettings(null, null), chat.Turns) { Name = chat.Session.Name };
            using var claim = await table.ClaimAsync(query, TestContext.Current.CancellationToken);
            Check(expected, claim.Comparison, claim.By, chat.Turns);
            claim.Session.Take([.. claim.Comparison.Turns, Answer(request)], claim.Comparison.Outcome);
        }
    }

    private static void Check(JsonElement expected, TurnComparison found, string? by, IReadOnlyList<ConversationMessage> turns)
    {
        Assert.Equal(expected.GetProperty("outcome").GetString(), Answering.StepResult.NameOf(found.Outcome));
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
