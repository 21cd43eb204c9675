using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using StarKV.Budget;
using StarKV.Sessions;

namespace StarKV.Extensions.AI.Tests;

/// <summary>Conversations that the client keeps.</summary>
[Collection(MiniChatTests.Name)]
public sealed class ConversationTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly MiniSample s_sample = MiniSample.Of(Talk.ThreeSteps);

    [Theory]
    [InlineData("lossless", false)]
    [InlineData("store", true)]
    [InlineData("evict", false)]
    [InlineData("evict", true)]
    public async Task Steps_are_the_sessions(string storage, bool streams)
    {
        using var client = mini.Client();
        using var session = mini.Agent.OpenSession(s_sample.Instruction, new SessionOptions
        {
            Budget = KvBudget.Tokens(120),
            Storage = Enum.Parse<KvStorage>(storage, ignoreCase: true),
            Position = s_sample.Position,
        });
        var (message, options) = Talk.Begin();
        options.WithKeep("120t").WithStorage(storage);
        for (var step = 0; step < 3; step++)
        {
            message = step == 0 ? message : Talk.User(Talk.Screen(Talk.ThreeSteps, step));
            var (response, answer) = await Ask(client, message, options, streams);
            var expected = session.Step(s_sample.Screens()[step]);
            Assert.Equal(expected.Text, response.Text);
            Assert.Equal(expected.Tokens, answer.Tokens);
            Assert.Equal(expected.Kv.RowsPerLayer, answer.Kv.RowsPerLayer);
            Assert.Equal(expected.Session!.ToString(), answer.Session!.ToString());
            Assert.Equal(
                (expected.Session.Tokens, expected.Session.Tokens - expected.Session.TokensRead),
                (response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount));
            Assert.Equal(step > 0, response.Usage.CachedInputTokenCount > 0);
            options.ConversationId = response.ConversationId;
        }

        Assert.Equal(1, client.OpenConversations);
    }

    [Fact]
    public async Task A_lossless_conversation_answers_as_all_messages_together_do()
    {
        using var client = mini.Client();
        var (message, options) = Talk.Begin();
        options.WithMethod("snapkv");
        List<ChatMessage> all = [];
        for (var step = 0; step < 3; step++)
        {
            message = step == 0 ? message : Talk.User("Go on.", Talk.Screen(Talk.ThreeSteps, step));
            all.Add(message);
            var kept = await client.GetResponseAsync(message, options, Stop);
            options.ConversationId = null;
            var whole = await client.GetResponseAsync(all, options, Stop);
            Assert.Equal(whole.Answer().Tokens, kept.Answer().Tokens);
            Assert.Equal(whole.Usage!.InputTokenCount, kept.Usage!.InputTokenCount);
            options.ConversationId = kept.ConversationId;
            all.AddRange(kept.Messages);
        }
    }

    [Fact]
    public async Task Earlier_answers_without_their_screens_may_begin_one()
    {
        using var client = mini.Client();
        var (_, options) = Talk.Begin();
        List<ChatMessage> messages = [Talk.User(s_sample.Instruction), new(ChatRole.Assistant, s_sample.PastActions()[0]), Talk.User(Talk.Screen(Talk.ThreeSteps, 1))];
        var response = await client.GetResponseAsync(messages, options, Stop);
        using var session = mini.Agent.OpenSession(s_sample.Instruction, new SessionOptions { Position = s_sample.Position, PastActions = [s_sample.PastActions()[0]] });
        Assert.Equal(session.Step(s_sample.Screens()[1]).Tokens, response.Answer().Tokens);
        Assert.Equal(2, response.Answer().Session!.Step);
    }

    [Fact]
    public async Task A_conversation_that_is_not_open_is_refused_with_a_way_out()
    {
        using var client = mini.Client();
        var id = await Begin(client);
        var closed = new ChatOptions { ConversationId = id };
        Assert.True(client.CloseConversation(id));
        Assert.False(client.CloseConversation(id));
        var message = await Talk.Refusal(() => client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), closed, Stop));
        Assert.Equal(
            $"There is no conversation '{id}': it was closed, was not asked for 00:30:00 (ConversationIdleTime), or is another client's. "
                + "Begin one with ConversationId = \"new\", or leave ConversationId out and send all messages.", message);
    }

    [Fact]
    public async Task One_that_nobody_asks_is_closed_and_its_rows_are_free()
    {
        var time = new FakeTimeProvider();
        using var client = mini.Client(new StarKvChatOptions { ConversationIdleTime = TimeSpan.FromMinutes(10) }, time);
        var tensors = mini.Agent.EngineLoad.HeldBytes;
        var id = await Begin(client, "evict");
        time.Advance(TimeSpan.FromMinutes(9));
        var second = await client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), new ChatOptions { ConversationId = id }, Stop);
        Assert.Equal(id, second.ConversationId);
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, client.OpenConversations);
        Assert.True(mini.Agent.EngineLoad.HeldBytes > tensors);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, client.OpenConversations);
        Assert.Equal(tensors, mini.Agent.EngineLoad.HeldBytes);
    }

    [Fact]
    public async Task More_than_the_most_are_refused_until_one_is_closed()
    {
        using var client = mini.Client(new StarKvChatOptions { MaxConversations = 2 });
        var first = await Begin(client);
        await Begin(client);
        var message = await Assert.ThrowsAsync<StarKvBusyException>(() => Begin(client));
        Assert.Equal(
            "2 conversations are open, the most that this client keeps (MaxConversations). Close one that is over (CloseConversation), "
                + "wait until one has not been asked for 00:30:00, or raise the limit.", message.Message);
        client.CloseConversation(first);
        await Begin(client);
        Assert.Equal(2, client.OpenConversations);
    }

    [Fact]
    public async Task A_second_step_meanwhile_is_refused_and_the_first_goes_on()
    {
        using var client = mini.Client();
        var options = new ChatOptions { ConversationId = await Begin(client) };
        var message = Talk.User(Talk.Screen(Talk.ThreeSteps, 1));
        var pieces = 0;
        await foreach (var update in client.GetStreamingResponseAsync(message, options, Stop))
        {
            if (pieces++ == 0)
            {
                Assert.Equal(
                    $"A step of conversation '{options.ConversationId}' is under way; wait for its answer before the next one.",
                    await Talk.Refusal(() => client.GetResponseAsync(message, options, Stop)));
            }
        }

        Assert.True(pieces > 2);
        Assert.Equal(3, (await client.GetResponseAsync(message, options, Stop)).Answer().Session!.Step);
    }

    [Theory]
    [InlineData("keep", "AdditionalProperties['starkv.keep'] is 30%, but conversation 'ID' was begun with 20%,")]
    [InlineData("method", "AdditionalProperties['starkv.method'] is snapkv, but conversation 'ID' was begun with the client's own value,")]
    [InlineData("length", "ChatOptions.MaxOutputTokens is 7, but conversation 'ID' was begun with 40,")]
    [InlineData("stops", "ChatOptions.StopSequences is \"a\", \"b\", but conversation 'ID' was begun with \"x\",")]
    [InlineData("system", "The system text is not the one that conversation 'ID' was begun with;")]
    [InlineData("answers", "The messages hold an answer of the assistant's, but conversation 'ID' knows its own;")]
    public async Task What_a_conversation_was_begun_with_stays(string what, string refusal)
    {
        using var client = mini.Client();
        var (message, options) = Talk.Begin();
        options.WithKeep("20%");
        (options.MaxOutputTokens, options.StopSequences, options.Instructions) = (40, ["x"], "Be brief.");
        options.ConversationId = (await client.GetResponseAsync(message, options, Stop)).ConversationId;
        List<ChatMessage> messages = [Talk.User(Talk.Screen(Talk.ThreeSteps, 1))];
        var other = options.Clone();
        other.StopSequences = [.. options.StopSequences];
        other.AdditionalProperties = new(options.AdditionalProperties!);
        switch (what)
        {
            case "keep":
                other.WithKeep("30%");
                break;
            case "method":
                other.WithMethod("snapkv");
                break;
            case "length":
                other.MaxOutputTokens = 7;
                break;
            case "stops":
                other.StopSequences = ["a", "b"];
                break;
            case "system":
                other.Instructions = "Be long.";
                break;
            default:
                messages.Insert(0, new(ChatRole.Assistant, "Action: wait()"));
                break;
        }

        var said = await Talk.Refusal(() => client.GetResponseAsync(messages, other, Stop));
        Assert.StartsWith(refusal.Replace("ID", options.ConversationId, StringComparison.Ordinal), said, StringComparison.Ordinal);
        // The options that it was begun with, given again, are no others.
        var next = await client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), options, Stop);
        Assert.Equal(2, next.Answer().Session!.Step);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_is_closed_in_the_middle_of_a_step_ends_after_it(bool disposes)
    {
        var held = mini.Agent.EngineLoad.HeldBytes;
        var client = mini.Client();
        var options = new ChatOptions { ConversationId = await Begin(client, "evict") };
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), options, Stop))
        {
            if (text.Length == 0 && disposes)
                client.Dispose();
            else if (text.Length == 0)
                Assert.True(client.CloseConversation(options.ConversationId));
            text += update.Text;
        }

        Assert.Equal(s_sample.FullAnswer.Split('(')[0], text.Split('(')[0]);
        // Freed on the inference thread, which answers this when it has done so.
        _ = mini.Agent.LiveTensors;
        Assert.Equal((0, held), (client.OpenConversations, mini.Agent.EngineLoad.HeldBytes));
        client.Dispose();
    }

    [Fact]
    public async Task A_disposed_client_has_closed_its_conversations_and_left_the_agent()
    {
        var client = mini.Client();
        var held = mini.Agent.EngineLoad.HeldBytes;
        await Begin(client, "evict");
        Assert.True(mini.Agent.EngineLoad.HeldBytes > held);
        client.Dispose();
        client.Dispose();
        Assert.Equal(held, mini.Agent.EngineLoad.HeldBytes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Begin(client));
        Assert.NotEmpty(mini.Agent.Ground(s_sample.Screens()[0], s_sample.Instruction).Text);
    }

    private static async Task<string> Begin(StarKvChatClient client, string storage = "lossless")
    {
        var (message, options) = Talk.Begin();
        return (await client.GetResponseAsync(message, options.WithStorage(storage), Stop)).ConversationId!;
    }

    private static async Task<(ChatResponse Response, GroundingAnswer Answer)> Ask(StarKvChatClient client, ChatMessage message, ChatOptions options, bool streams)
    {
        if (!streams)
        {
            var response = await client.GetResponseAsync(message, options, Stop);
            return (response, response.Answer());
        }

        var updates = await client.GetStreamingResponseAsync(message, options, Stop).All();
        Assert.True(updates[^1].TryGetGroundingAnswer(out var answer));
        return (updates.ToChatResponse(), answer);
    }
}
