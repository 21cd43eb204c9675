using Microsoft.Extensions.AI;

namespace StarKV.Extensions.AI.Tests;

/// <summary>The shipped model, loaded once for the tests of the collection.</summary>
public sealed class MiniChat : IDisposable
{
    public static readonly string Folder = RepositoryFiles.Path("models", "mini");

    public GuiAgent Agent { get; } = GuiAgent.Load(Folder, "cpu");

    /// <summary>A client with its own conversations.</summary>
    public StarKvChatClient Client(StarKvChatOptions? options = null, TimeProvider? time = null) => new(Agent, options, time);

    public void Dispose() => Agent.Dispose();
}

/// <summary>Tests that share the loaded model; they run one after the other, so that its live tensors can be counted.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MiniChatTests : ICollectionFixture<MiniChat>
{
    public const string Name = "mini chat";
}

/// <summary>A sample of the shipped model as messages.</summary>
internal static class Talk
{
    public const string ThreeSteps = "multi_step_instruction_first_0";

    public static DataContent Png(string file) => new(File.ReadAllBytes(file), "image/png");

    public static DataContent Screen(string sample, int step = 0) => Png(MiniSample.Of(sample).Files()[step]);

    public static ChatMessage User(params AIContent[] contents) => new(ChatRole.User, contents);

    public static ChatMessage User(string text, params AIContent[] contents) => new(ChatRole.User, [new TextContent(text), .. contents]);

    /// <summary>Screens and earlier answers in turns, the task in the first message.</summary>
    public static List<ChatMessage> Messages(MiniSample sample)
    {
        var screens = sample.Files().Select(file => (AIContent)Png(file)).ToList();
        var past = sample.PastActions();
        if (past.Count == 0)
            return [User(sample.Instruction, [.. screens])];
        List<ChatMessage> messages = [User(sample.Instruction, screens[0])];
        foreach (var (answer, screen) in past.Zip(screens.Skip(1)))
            messages.AddRange([new ChatMessage(ChatRole.Assistant, answer), User(screen)]);
        return messages;
    }

    public static ChatOptions Options(MiniSample sample) => new ChatOptions().WithPosition(sample.Position.ToString());

    /// <summary>The first call of a conversation about the sample of three steps.</summary>
    public static (ChatMessage Message, ChatOptions Options) Begin()
    {
        var sample = MiniSample.Of(ThreeSteps);
        return (User(sample.Instruction, Screen(ThreeSteps)), Options(sample).WithNewConversation());
    }

    public static GroundingAnswer Answer(this ChatResponse response)
    {
        Assert.True(response.TryGetGroundingAnswer(out var answer));
        return answer;
    }

    public static async Task<List<T>> All<T>(this IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (var item in items)
            all.Add(item);
        return all;
    }

    public static async Task<string> Refusal(Func<Task> call) => (await Assert.ThrowsAnyAsync<StarKvException>(call)).Message;
}
