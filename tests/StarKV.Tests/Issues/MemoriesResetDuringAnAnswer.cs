using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Tests.Agent;
using StarKV.Tests.Models.Qwen25Vl;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary><see cref="LayerMemory.Reset"/> freed what an answer was using: "Tensor invalid -- empty handle".</summary>
[Collection(MiniModelTests.Name)]
public sealed class MemoriesResetDuringAnAnswer(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 2 } };

    [Fact]
    public void It_is_emptied_when_the_prompt_has_been_read() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var memory = new LayerMemory();
        var seen = new List<int>();
        var screens = golden.Encode();
        var reset = false;
        var method = new StatefulMethod((state, layer) =>
        {
            seen.Add(++state.Prefills);
            if (reset && layer == 0)
                Task.Run(memory.Reset).Wait();
            // Still there, though it was reset.
            Assert.Equal(state.Prefills, state.Kept.item<int>());
        });
        Read();
        reset = true;
        Read();
        reset = false;
        Read();
        var layers = golden.Model.Text.Layers;
        Assert.Equal([1, 2, 1], seen.Chunk(layers).Select(l => l.Distinct().Single()));

        void Read() => new PrefillRunner(golden.Model.Text).Run(golden.Prompt, screens, new Compression(method, KvBudget.Keep(0.5)) { Memory = memory }).Dispose();
    });

    [Fact]
    public void Between_answers_it_is_emptied_at_once() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        var state = memory.For<StatefulMethod.State>(0);
        memory.Reset();
        Assert.True(state.Kept.IsInvalid);
        Assert.NotSame(state, memory.For<StatefulMethod.State>(0));
    });

    [Fact]
    public async Task Answers_stay_right_while_another_thread_resets_and_disposes()
    {
        using var memory = new LayerMemory();
        var options = s_short with { Memory = memory };
        var done = false;
        var resetting = Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
            {
                memory.Reset();
                memory.Dispose();
            }
        });
        for (var i = 0; i < 10; i++)
            Assert.Equal(2, mini.Agent.Ground(MiniModel.Tiny(), "Click", options).Tokens.Count);
        Volatile.Write(ref done, true);
        await resetting;
    }

    [Fact]
    public async Task Inside_a_callback_it_may_be_reset()
    {
        using var memory = new LayerMemory();
        var answer = await mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short with { Memory = memory }, _ => memory.Reset());
        Assert.Equal(2, answer.Tokens.Count);
    }

    [Fact]
    public void Two_agents_at_a_time_are_told_whose_it_is()
    {
        using var memory = new LayerMemory();
        using var use = memory.Use();
        var error = Assert.Throws<StarKvException>(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short with { Memory = memory }));
        Assert.Contains("one session of one agent", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A method that keeps a tensor for each layer.</summary>
    private sealed class StatefulMethod(Action<StatefulMethod.State, int> scoring) : ICompressionMethod
    {
        public string Name => "stateful";

        public int Window(TokenMap prompt) => 4;

        public TorchSharp.torch.Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            var state = memory.For<State>(observation.Layer);
            state.Kept.add_(1);
            scoring(state, observation.Layer);
            return observation.Keys.narrow(1, 0, observation.Past).norm(2);
        }

        internal sealed class State : IDisposable
        {
            public int Prefills { get; set; }

            public TorchSharp.torch.Tensor Kept { get; } = TorchSharp.torch.zeros([1], TorchSharp.torch.ScalarType.Int32).DetachFromDisposeScope();

            public void Dispose() => Kept.Dispose();
        }
    }
}
