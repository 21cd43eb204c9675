using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using StarKV.Budget;
using StarKV.Decode;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Text;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatRole = Microsoft.Extensions.AI.ChatRole;

namespace StarKV.Extensions.AI.Tests;

/// <summary>Calls whose messages are the whole conversation.</summary>
[Collection(MiniChatTests.Name)]
public sealed class WholeConversationTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly MiniSample s_text = MiniSample.Of("text_0");

    [Theory]
    [InlineData("text_0")]
    [InlineData("read_0")]
    [InlineData("earlier_frame_type_2")]
    [InlineData("multi_step_instruction_first_0")]
    [InlineData("multi_step_instruction_last_0")]
    public async Task An_answer_is_the_agents(string id)
    {
        var sample = MiniSample.Of(id);
        using var client = mini.Client();
        var response = await client.GetResponseAsync(Talk.Messages(sample), Talk.Options(sample), Stop);
        var expected = mini.Agent.Ground(sample.Screens(), sample.Instruction, Protecting() with { PastActions = sample.PastActions(), Position = sample.Position });

        Assert.Equal(expected.Text, response.Text);
        Assert.Equal(expected.Tokens, response.Answer().Tokens);
        Assert.Equal(expected.Kept.Frames, response.Answer().Kept.Frames);
        Assert.Equal(expected.Point, response.Answer().Point);
        Assert.Equal(
            (expected.Kv.PromptTokens, expected.Tokens.Count, 0L),
            (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.CachedInputTokenCount));
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
        Assert.Null(response.ConversationId);
        Assert.Equal(0, client.OpenConversations);
    }

    [Fact]
    public async Task Method_budget_and_length_are_the_calls()
    {
        using var client = mini.Client();
        var options = new ChatOptions { MaxOutputTokens = 5 }.WithMethod("snapkv:kernel=1").WithKeep("64t").WithPrompt("qwen");
        var response = await client.GetResponseAsync(Talk.Messages(s_text), options, Stop);
        var expected = mini.Agent.Ground(s_text.Screens(), s_text.Instruction, Protecting(new SnapKv(SnapKv.Sharp)) with
        {
            Budget = KvBudget.Tokens(64),
            Prompt = PromptStyle.Get("qwen"),
            Generation = new GenerationOptions { MaxNewTokens = 5 },
        });
        Assert.Equal(expected.Tokens, response.Answer().Tokens);
        Assert.Equal(expected.Kept.Frames, response.Answer().Kept.Frames);
        Assert.All(response.Answer().Kv.RowsPerLayer, rows => Assert.Equal(64, rows));
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(5, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Draws_and_stops_are_the_calls()
    {
        using var client = mini.Client();
        var options = new ChatOptions { Temperature = 3, TopP = 0.5f, TopK = 40, Seed = 7, StopSequences = ["'"] };
        var response = await client.GetResponseAsync(Talk.Messages(s_text), options, Stop);
        var expected = mini.Agent.Ground(s_text.Screens(), s_text.Instruction, Protecting() with
        {
            Generation = new GenerationOptions { Temperature = 3, TopP = 0.5, TopK = 40, Seed = 7, StopStrings = ["'"] },
        });
        Assert.Equal(expected.Tokens, response.Answer().Tokens);
        Assert.DoesNotContain("'", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_user_says_later_and_a_system_text_are_in_the_prompt()
    {
        using var client = mini.Client();
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "You are careful."), Talk.User(s_text.Instruction, Talk.Screen("text_0")), new(ChatRole.Assistant, "Action: wait()"),
            Talk.User("It has loaded.", Talk.Screen("text_1")), Talk.User("Go on."),
        ];
        var response = await client.GetResponseAsync(messages, new ChatOptions { Instructions = "Answer in one line." }, Stop);

        var style = mini.Agent.DefaultPrompt with { SystemMessage = "Answer in one line.\nYou are careful." };
        var expected = await mini.Agent.AnswerAsync(
            [.. s_text.Screens(), .. MiniSample.Of("text_1").Screens()],
            grids => new TaskConversation(style, s_text.Instruction, [new([grids[0]], null, "Action: wait()"), new([grids[1]], "It has loaded.\nGo on.")]).Messages(),
            Protecting(), cancellation: Stop);
        Assert.Equal(expected.Tokens, response.Answer().Tokens);
        Assert.Equal(expected.Kv.PromptTokens, response.Usage!.InputTokenCount);
        var without = await client.GetResponseAsync(messages.Skip(1), null, Stop);
        Assert.NotEqual(without.Usage!.InputTokenCount, response.Usage.InputTokenCount);
    }

    [Theory]
    [InlineData("text_0")]
    [InlineData("multi_step_instruction_first_0")]
    public async Task A_streams_pieces_together_are_the_response(string id)
    {
        var sample = MiniSample.Of(id);
        using var client = mini.Client();
        var expected = await client.GetResponseAsync(Talk.Messages(sample), Talk.Options(sample), Stop);
        var updates = await client.GetStreamingResponseAsync(Talk.Messages(sample), Talk.Options(sample), Stop).All();

        Assert.True(updates.Count > 4, $"{updates.Count} updates");
        Assert.Single(updates.Select(u => (u.ResponseId, u.MessageId, u.ModelId, u.CreatedAt, u.Role)).Distinct());
        Assert.All(updates.SkipLast(1), u => Assert.Equal((false, null), (u.TryGetGroundingAnswer(out _), u.FinishReason)));
        Assert.True(updates[^1].TryGetGroundingAnswer(out var answer));
        Assert.Equal(expected.Answer().Tokens, answer.Tokens);

        var whole = updates.ToChatResponse();
        Assert.False(whole.TryGetGroundingAnswer(out _));
        Assert.Equal(expected.Text, whole.Text);
        Assert.Equal((expected.FinishReason, expected.ModelId), (whole.FinishReason, whole.ModelId));
        Assert.Equal(
            (expected.Usage!.InputTokenCount, expected.Usage.OutputTokenCount, expected.Usage.CachedInputTokenCount),
            (whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount, whole.Usage.CachedInputTokenCount));
    }

    [Fact]
    public async Task A_response_says_who_wrote_it_and_when()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
        using var client = mini.Client(time: time);
        var first = await client.GetResponseAsync(Talk.Messages(s_text), null, Stop);
        var second = await client.GetResponseAsync(Talk.Messages(s_text), null, Stop);
        Assert.Equal((time.GetUtcNow(), "mini", ChatFinishReason.Stop), (first.CreatedAt, first.ModelId, first.FinishReason));
        Assert.Equal(ChatRole.Assistant, Assert.Single(first.Messages).Role);
        Assert.NotEqual(first.ResponseId, second.ResponseId);
        Assert.Same(first.RawRepresentation, first.Answer());
    }

    [Fact]
    public async Task A_data_uri_is_a_screenshot_too()
    {
        using var client = mini.Client();
        var uri = new UriContent(Talk.Screen("text_0").Uri, "image/png");
        var response = await client.GetResponseAsync(Talk.User(s_text.Instruction, uri), null, Stop);
        var expected = await client.GetResponseAsync(Talk.Messages(s_text), null, Stop);
        Assert.Equal(expected.Answer().Tokens, response.Answer().Tokens);
    }

    [Fact]
    public void Services_are_the_client_its_metadata_and_the_agent()
    {
        using var client = mini.Client();
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Same(client, client.GetService<StarKvChatClient>());
        Assert.Same(mini.Agent, client.GetService<GuiAgent>());
        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("starkv", "mini"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Null(client.GetService<GuiSession>());
        Assert.Null(client.GetService(typeof(GuiAgent), "key"));
    }

    private static GroundingOptions Protecting(ICompressionMethod? method = null) => new() { Method = new Protected(method ?? new StarKv(), new ProtectedTokens { Instruction = true }) };
}
