using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using StarKV.Schedule;
using StarKV.Server.Tests.Checks;
using StarKV.Server.Tests.Http;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatRole = Microsoft.Extensions.AI.ChatRole;

namespace StarKV.Server.Tests.Clients;

/// <summary>OpenAI's client for .NET, and Microsoft.Extensions.AI over it, as they come.</summary>
[Collection(ServerTests.Name)]
public sealed class DotnetClientTests(ServerOfTests server)
{
    private const string Instruction = "Choose \"Confirm Orders\" in the \"Tasks\" menu.", Model = "mini";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OpenAIClient Client => ClientOf(server.Client.BaseAddress!, new HttpClient());

    private static OpenAIClient ClientOf(Uri address, HttpClient http) => new(
        new ApiKeyCredential("none"),
        new OpenAIClientOptions { Endpoint = new Uri(address, "/v1"), Transport = new HttpClientPipelineTransport(http) });

    private static DataContent Screen(int number) => new(Recordings.Recording.Picture(number));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_of_six_steps_reads_what_is_new_and_loses_the_oldest_screenshot(bool streamed)
    {
        var chat = Client.GetChatClient(Model).AsIChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, $"{Instruction} {Guid.NewGuid()}")];
        for (var step = 0; step < 6; step++)
        {
            messages.Add(new(ChatRole.User, [Screen(step)]));
            if (messages.Count(m => m.Contents.OfType<DataContent>().Any()) > 5)
                messages.Remove(messages.First(m => m.Contents.OfType<DataContent>().Any()));
            var options = new ChatOptions { MaxOutputTokens = 16, Temperature = 0, TopP = 0.7f, Seed = 1 };
            var answer = streamed
                ? await chat.GetStreamingResponseAsync(messages, options, Stop).ToChatResponseAsync(Stop)
                : await chat.GetResponseAsync(messages, options, Stop);
            Assert.NotEmpty(answer.Text);
            Assert.Contains(answer.FinishReason?.Value, new[] { "stop", "length" });
            Assert.Equal(step > 0, answer.Usage!.CachedInputTokenCount > 0);
            Assert.True(answer.Usage.InputTokenCount > answer.Usage.CachedInputTokenCount && answer.Usage.OutputTokenCount > 0);
            messages.AddRange(answer.Messages);
        }
    }

    [Fact]
    public async Task Responses_go_on_by_the_id_of_the_last_one_and_are_deleted()
    {
        var responses = Client.GetResponsesClient();
        var chat = responses.AsIChatClient(Model);
        string? conversation = null;
        for (var step = 0; step < 4; step++)
        {
            List<AIContent> contents = step == 0 ? [new TextContent(Instruction), Screen(0)] : [Screen(step)];
            var options = new ChatOptions { ConversationId = conversation, MaxOutputTokens = 16 };
            List<ChatMessage> message = [new(ChatRole.User, contents)];
            var answer = step % 2 == 0
                ? await chat.GetResponseAsync(message, options, Stop)
                : await chat.GetStreamingResponseAsync(message, options, Stop).ToChatResponseAsync(Stop);
            Assert.NotEmpty(answer.Text);
            Assert.NotEqual(conversation, answer.ConversationId);
            Assert.Equal(step > 0, answer.Usage!.CachedInputTokenCount > 0);
            conversation = answer.ConversationId;
        }

        Assert.Equal(conversation, (await responses.GetResponseAsync(conversation!, Stop)).Value.Id);
        Assert.True((await responses.DeleteResponseAsync(conversation!, Stop)).Value.Deleted);
        Assert.True((await responses.DeleteResponseAsync(conversation!, Stop)).Value.Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => responses.GetResponseAsync(conversation!, Stop));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task The_loaded_model_is_listed()
    {
        var models = (await Client.GetOpenAIModelClient().GetModelsAsync(Stop)).Value;
        Assert.Equal((Model, "starkv"), (Assert.Single(models).Id, models[0].OwnedBy));
        Assert.Equal(Model, (await Client.GetOpenAIModelClient().GetModelAsync(Model, Stop)).Value.Id);
    }

    [Fact]
    public async Task Errors_say_what_is_wrong_and_are_not_tried_again()
    {
        using var counted = new CountedRequests();
        using var http = new HttpClient(counted);
        var client = ClientOf(server.Client.BaseAddress!, http);
        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => client.GetChatClient("gpt").CompleteChatAsync(["hi"], null, Stop));
        Assert.Equal(404, unknown.Status);
        Assert.Contains("The model gpt is not loaded; mini is.", unknown.Message, StringComparison.Ordinal);
        var tool = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("click_it") } };
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => client.GetChatClient(Model).CompleteChatAsync(["hi"], tool, Stop));
        Assert.Equal(400, refused.Status);
        Assert.Contains("click_it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, counted.Seen.Count);
    }

    [Fact]
    public async Task A_full_queue_is_asked_at_most_four_times_a_second_or_more_apart()
    {
        var engine = new EngineOptions { MaxRunning = 1, MaxWaiting = 1 };
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu", engine: engine);
        await using var full = await StarKvServer.StartAsync(agent, ServerOfTests.Options, engine, cancellation: Stop);
        using var counted = new CountedRequests();
        using var http = new HttpClient(counted);
        http.DefaultRequestHeaders.Add("X-Session-Id", "task");
        var chat = ClientOf(new Uri(full.Address), http).GetChatClient(Model);
        // The session is there, so that its next step comes to the queue at once.
        ChatCompletion first = await chat.CompleteChatAsync(["hi"], new ChatCompletionOptions { MaxOutputTokenCount = 16 }, Stop);
        OpenAI.Chat.ChatMessage[] goesOn =
            [new UserChatMessage("hi"), new AssistantChatMessage(first.Content[0].Text), new UserChatMessage("and again")];

        using var open = new ManualResetEventSlim();
        using var rows = agent.OpenConversation(new SessionOptions());
        using var others = agent.OpenConversation(new SessionOptions());
        // The one answers, which stands still in the middle, and the other one waits.
        var held = Task.Run(() => rows.AnswerAsync(Step(_ => open.Wait(Stop)), Stop), Stop);
        var waits = Task.CompletedTask;
        try
        {
            while (agent.EngineLoad.Running == 0)
                await Task.Delay(5, Stop);
            waits = Task.Run(() => others.AnswerAsync(Step(null), Stop), Stop);
            while (agent.EngineLoad.Waiting == 0)
                await Task.Delay(5, Stop);
            var refused = await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync(goesOn, null, Stop));
            Assert.Equal(429, refused.Status);
        }
        finally
        {
            open.Set();
            await Task.WhenAll(held, waits);
        }

        var tries = counted.Seen.Skip(1).ToList();
        Assert.InRange(tries.Count, 2, 4);
        Assert.All(tries, t => Assert.Equal(HttpStatusCode.TooManyRequests, t.Status));
        Assert.All(tries.Zip(tries.Skip(1)), t => Assert.True(t.Second.At - t.First.At >= TimeSpan.FromSeconds(1), $"{t}"));
        CheckRun.Tell(
            "09-dotnet", "OpenAI 2.14.0 for .NET, as it comes, against a full queue", 1,
            FormattableString.Invariant($"{tries.Count} requests, {tries.Zip(tries.Skip(1)).Min(t => (t.Second.At - t.First.At).TotalSeconds):0.0} s apart or more; then its caller is told 429"));

        static ConversationStep Step(Action<string>? onText) =>
            new([new ConversationMessage(StarKV.Text.ChatRole.User, [ConversationPart.Of("hi")])]) { OnText = onText };
    }
}
