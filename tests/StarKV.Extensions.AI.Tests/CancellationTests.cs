using Microsoft.Extensions.AI;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using static TorchSharp.torch;

namespace StarKV.Extensions.AI.Tests;

/// <summary>Calls that are cancelled or left in the middle: a conversation is as it was, and no tensor stays.</summary>
[Collection(MiniChatTests.Name)]
public sealed class CancellationTests(MiniChat mini)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_the_middle_of_reading(bool streams)
    {
        using var stop = new CancellationTokenSource();
        var (layers, armed) = (0, false);
        var method = new Watched(() =>
        {
            layers++;
            if (armed)
                stop.Cancel();
        });
        using var client = mini.Client(new StarKvChatOptions { Answers = new() { Method = method } });
        var options = await Begin(client);
        var whole = layers;
        Assert.True(whole > 2, $"{whole} layers");
        (layers, armed) = (0, true);
        var tensors = mini.Agent.LiveTensors;
        var message = Talk.User(Talk.Screen(Talk.ThreeSteps, 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streams
            ? client.GetStreamingResponseAsync(message, options, stop.Token).All()
            : client.GetResponseAsync(message, options, stop.Token));
        Assert.InRange(layers, 1, whole - 1);
        armed = false;
        await AsItWas(client, options, message, tensors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_writing(bool cancels)
    {
        using var stop = new CancellationTokenSource();
        using var client = mini.Client();
        var options = await Begin(client);
        var tensors = mini.Agent.LiveTensors;
        var message = Talk.User(Talk.Screen(Talk.ThreeSteps, 1));
        if (cancels)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(Read);
        else
            await Read();
        await AsItWas(client, options, message, tensors);

        async Task Read()
        {
            var pieces = 0;
            await foreach (var _ in client.GetStreamingResponseAsync(message, options, stop.Token))
            {
                if (++pieces == 2 && !cancels)
                    break;
                if (pieces == 2)
                    await stop.CancelAsync();
                Assert.True(pieces < 30, "It was written to its end.");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Before_anything(bool streams)
    {
        using var client = mini.Client();
        var (message, options) = Talk.Begin();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streams
            ? client.GetStreamingResponseAsync(message, options, new CancellationToken(true)).All()
            : client.GetResponseAsync(message, options, new CancellationToken(true)));
        Assert.Equal(0, client.OpenConversations);
    }

    [Fact]
    public async Task A_first_step_that_is_left_leaves_no_conversation()
    {
        using var client = mini.Client();
        var (message, options) = Talk.Begin();
        var tensors = mini.Agent.LiveTensors;
        await foreach (var update in client.GetStreamingResponseAsync(message, options, Test))
        {
            Assert.NotNull(update.ConversationId);
            Assert.Equal(1, client.OpenConversations);
            break;
        }

        Assert.Equal((0, tensors), (client.OpenConversations, mini.Agent.LiveTensors));
    }

    private static async Task<ChatOptions> Begin(StarKvChatClient client)
    {
        var (message, options) = Talk.Begin();
        options.ConversationId = (await client.GetResponseAsync(message, options, Test)).ConversationId;
        return options;
    }

    /// <summary>The next step of the conversation is its second, and answers as one that nothing happened to.</summary>
    private async Task AsItWas(StarKvChatClient client, ChatOptions options, ChatMessage message, long tensors)
    {
        Assert.Equal(tensors, mini.Agent.LiveTensors);
        var next = await client.GetResponseAsync(message, options, Test);
        var other = await client.GetResponseAsync(message, await Begin(client), Test);
        Assert.Equal(2, next.Answer().Session!.Step);
        Assert.Equal(other.Answer().Tokens, next.Answer().Tokens);
        Assert.Equal(other.Answer().Session!.ToString(), next.Answer().Session!.ToString());
        Assert.Equal(other.Answer().Kv.RowsPerLayer, next.Answer().Kv.RowsPerLayer);
    }

    /// <summary>SnapKV, watched layer by layer.</summary>
    private sealed class Watched(Action score) : MethodWrapper(new SnapKv())
    {
        public override Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            score();
            return Inner.Score(observation, memory);
        }
    }
}
