using Microsoft.Extensions.AI;

namespace StarKV.Extensions.AI.Tests;

/// <summary>Callers that ask at the same time.</summary>
[Collection(MiniChatTests.Name)]
public sealed class ConcurrentCallersTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conversations_and_whole_calls_answer_as_each_does_alone()
    {
        using var client = mini.Client();
        string[] ids = ["text_0", "read_0", "earlier_frame_type_0"];
        var samples = ids.Select(MiniSample.Of).ToList();
        var alone = new List<IReadOnlyList<int>>();
        foreach (var sample in samples)
            alone.Add((await client.GetResponseAsync(Talk.Messages(sample), Talk.Options(sample), Stop)).Answer().Tokens);
        var steps = await Steps(client);

        var conversations = Enumerable.Range(0, 3).Select(_ => Steps(client)).ToList();
        var calls = samples.Select(s => client.GetResponseAsync(Talk.Messages(s), Talk.Options(s), Stop)).ToList();
        Assert.Equal(alone, (await Task.WhenAll(calls)).Select(r => r.Answer().Tokens));
        Assert.All(await Task.WhenAll(conversations), c => Assert.Equal(steps, c));
        Assert.Equal(4, client.OpenConversations);
    }

    [Fact]
    public async Task Of_many_steps_of_one_conversation_at_once_one_is_taken()
    {
        using var client = mini.Client();
        var (message, options) = Talk.Begin();
        options.ConversationId = (await client.GetResponseAsync(message, options, Stop)).ConversationId;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(Step, Stop)));
        var taken = outcomes.Count(o => o is null);
        // One that comes after another has ended is taken too.
        Assert.InRange(taken, 1, 6);
        Assert.All(outcomes.OfType<string>(), o => Assert.StartsWith("A step of conversation '", o, StringComparison.Ordinal));
        var next = await client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 2)), options, Stop);
        Assert.Equal(taken + 2, next.Answer().Session!.Step);

        async Task<string?> Step()
        {
            try
            {
                await client.GetResponseAsync(Talk.User(Talk.Screen(Talk.ThreeSteps, 1)), options, Stop);
                return null;
            }
            catch (StarKvException e)
            {
                return e.Message;
            }
        }
    }

    private static async Task<string> Steps(StarKvChatClient client)
    {
        var (message, options) = Talk.Begin();
        var texts = new List<string>();
        for (var step = 0; step < 3; step++)
        {
            var response = await client.GetResponseAsync(step == 0 ? message : Talk.User(Talk.Screen(Talk.ThreeSteps, step)), options, Stop);
            options.ConversationId = response.ConversationId;
            texts.Add(response.Text);
        }

        return string.Join('\n', texts);
    }
}
