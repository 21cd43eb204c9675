using Microsoft.Extensions.AI;
using StarKV.Input;

namespace StarKV.Extensions.AI.Tests;

/// <summary>Messages that have no place in a prompt are refused by name; nothing of a message is left out silently.</summary>
[Collection(MiniChatTests.Name)]
public sealed class RefusedMessagesTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DataContent Screen => Talk.Screen("text_0");

    public static TheoryData<string, ChatMessage[], string> Cases => new()
    {
        { "no message", [], "There is nothing to answer: the last message must be the user's" },
        { "nothing said", [new(ChatRole.User, "")], "There is nothing to answer: the last message must be the user's" },
        { "answered already", [Talk.User("Click", Screen), new(ChatRole.Assistant, "Action: wait()")], "There is nothing to answer: the last message must be the user's" },
        { "no words", [Talk.User(Screen)], "No message of the user has words; say what is to be done on the screen." },
        { "no screenshot", [Talk.User("Click")], "There is no screenshot; give at least one image." },
        { "a tool", [Talk.User("Click", Screen), new(ChatRole.Tool, "done")], "message 2 of 2 is of the role 'tool'; StarKV reads system, user and assistant." },
        { "a late system text", [Talk.User("Click", Screen), new(ChatRole.System, "Be brief.")], "message 2 of 2 is a system message after the user's" },
        { "a call", [Talk.User("Click", Screen), new(ChatRole.Assistant, [new FunctionCallContent("1", "click")]), Talk.User(Screen)], "message 2 of 3, content 1 is FunctionCallContent; a message of the role 'assistant' has text alone." },
        { "a result", [Talk.User("Click", Screen, new FunctionResultContent("1", "done"))], "message 1 of 1, content 3 is FunctionResultContent; StarKV reads TextContent and screenshots (DataContent)." },
        { "a system picture", [new(ChatRole.System, [Screen]), Talk.User("Click", Screen)], "message 1 of 2, content 1 is DataContent; a message of the role 'system' has text alone." },
        { "an address", [Talk.User("Click", new UriContent("https://example.org/screen.png", "image/png"))], "message 1 of 1, content 2 refers to a https: address, and StarKV fetches nothing." },
        { "no data", [Talk.User("Click", new UriContent("data:image/png;base64,****", "image/png"))], "message 1 of 1, content 2 is no data: URI:" },
        { "a sound", [Talk.User("Click", new DataContent(new byte[] { 1 }, "audio/wav"))], "message 1 of 1, content 2 is audio/wav; StarKV reads image/png, image/jpeg and image/webp." },
        { "another format", [Talk.User("Click", new DataContent("GIF89a"u8.ToArray(), "image/gif"))], "screenshot 'message 1 of 1, content 2'" },
        { "a named one", [Talk.User("Click", new DataContent("GIF89a"u8.ToArray(), "image/gif") { Name = "desk.gif" })], "screenshot 'desk.gif'" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task They_are_refused(string what, ChatMessage[] messages, string refusal)
    {
        _ = what;
        using var client = mini.Client();
        Assert.StartsWith(refusal, await Talk.Refusal(() => client.GetResponseAsync(messages, null, Stop)), StringComparison.Ordinal);
        Assert.StartsWith(refusal, await Talk.Refusal(() => client.GetStreamingResponseAsync(messages, null, Stop).All()), StringComparison.Ordinal);
        Assert.StartsWith(
            refusal, await Talk.Refusal(() => client.GetResponseAsync(messages, new ChatOptions().WithNewConversation(), Stop)), StringComparison.Ordinal);
        Assert.Equal(0, client.OpenConversations);
    }

    [Fact]
    public async Task A_picture_beyond_the_clients_limits_is_refused()
    {
        using var client = mini.Client(new StarKvChatOptions { Images = new ImageLimits { MaxPixels = 1000 } });
        var refusal = await Talk.Refusal(() => client.GetResponseAsync(Talk.User("Click", Screen), null, Stop));
        Assert.Contains("(ImageLimits.MaxPixels). Downscale it or raise the limit.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_does_not_begin_in_the_middle()
    {
        using var client = mini.Client();
        var messages = Talk.Messages(MiniSample.Of(Talk.ThreeSteps));
        var refusal = await Talk.Refusal(() => client.GetResponseAsync(messages, new ChatOptions().WithNewConversation(), Stop));
        Assert.Equal(
            "A conversation begins with the task, earlier answers if there are any, and the screen as it is now; these messages have "
                + "screenshots or further words before an earlier answer. Leave them out, or send everything without ConversationId.", refusal);
        Assert.Equal(0, client.OpenConversations);
    }

    [Fact]
    public async Task Null_is_reported_by_the_call_itself()
    {
        using var client = mini.Client();
        Assert.Throws<ArgumentNullException>("messages", () => { _ = client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!); });
        await Assert.ThrowsAsync<ArgumentNullException>("messages", () => client.GetResponseAsync((IEnumerable<ChatMessage>)null!, null, Stop));
        var missing = await Assert.ThrowsAsync<ArgumentException>("messages", () => client.GetResponseAsync([Talk.User("Click"), null!], null, Stop));
        Assert.StartsWith("Message 2 of 2 is null.", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("agent", () => new StarKvChatClient(null!));
        Assert.Throws<ArgumentNullException>("conversationId", () => client.CloseConversation(null!));
        Assert.Throws<ArgumentNullException>("serviceType", () => client.GetService(null!));
    }
}
