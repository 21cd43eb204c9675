using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using StarKV.Text;

namespace StarKV.Server.Tests.Http;

/// <summary>What was read for a client that left is there for a minute: a client that asks again waits for the answer alone.</summary>
[Collection(ServerTests.Name)]
public sealed class LeftStepTests(ServerOfTests shared)
{
    private static readonly TimeSpan s_justInTime = TimeSpan.FromSeconds(60), s_late = TimeSpan.FromSeconds(61);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string?, bool> Requests => new() { { "left", true }, { null, true }, { "left", false }, { null, false } };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_client_that_left_finds_what_was_read_for_a_minute(string? name, bool inTime)
    {
        var clock = new FakeTimeProvider();
        await using var server = await StarKvServer.StartAsync(shared.Agent, ServerOfTests.Options, ServerOfTests.Engine, clock, Stop);
        // Its connection is cut when a response is left, and not read to its end.
        using var leaving = new SocketsHttpHandler { MaxResponseDrainSize = 0 };
        using var client = new HttpClient(leaving) { BaseAddress = new Uri(server.Address) };
        List<JsonNode> messages = [Api.Text("user", "Choose \"Confirm Orders\" in the \"Tasks\" menu."), Api.Shows(0)];
        for (var step = 1; step < 3; step++)
        {
            await WhileOthersWrite(() => Leave(client, messages, name));
            while (server.Running > 0)
                await Task.Delay(1, Stop);
            clock.Advance(inTime ? s_justInTime : s_late);
            var (content, read) = await Ask(client, messages, name);
            var (expected, readBefore) = await Ask(client, messages, "undisturbed");
            Assert.Equal(expected, content);
            Assert.Equal(inTime ? 0 : readBefore, read);
            messages.AddRange([Api.Text("assistant", content), Api.Shows(step)]);
        }
    }

    /// <summary>Asks, and leaves after the first piece of the answer.</summary>
    private static async Task Leave(HttpClient client, IEnumerable<JsonNode> messages, string? name)
    {
        var body = Api.Chat([.. messages]);
        body["stream"] = true;
        using var response = await client.Post("/v1/chat/completions", body, name, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<(string Content, int Read)> Ask(HttpClient client, IEnumerable<JsonNode> messages, string? name)
    {
        using var response = await client.Post("/v1/chat/completions", Api.Chat([.. messages]), name);
        var completion = await response.Json();
        Assert.NotEqual("replay", response.Header("X-StarKV-Outcome"));
        var usage = completion.GetProperty("usage");
        var cached = usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
        return (completion.Content(), usage.GetProperty("prompt_tokens").GetInt32() - cached);
    }

    /// <summary>The shipped model writes fast: others take their time between two tokens of everybody.</summary>
    private async Task WhileOthersWrite(Func<Task> work)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var others = Enumerable.Range(0, 2).Select(i => Other($"hi {i}", done.Token)).ToList();
        await work();
        await done.CancelAsync();
        await Task.WhenAll(others);
    }

    private async Task Other(string words, CancellationToken done)
    {
        using var rows = shared.Agent.OpenConversation();
        var step = new ConversationStep([new ConversationMessage(ChatRole.User, [ConversationPart.Of(words)])])
        {
            OnText = _ => Thread.Sleep(20),
        };
        while (!done.IsCancellationRequested)
            await rows.AnswerAsync(step, Stop);
    }
}
