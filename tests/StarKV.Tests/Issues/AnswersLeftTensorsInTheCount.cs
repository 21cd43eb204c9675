using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Reports.Inspect;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>"An answer leaves the count as it found it" said LiveTensors, and it wandered from 155 to 197 with the sizes of screens and with sessions (reliability D1).</summary>
[Collection(MiniModelTests.Name)]
public sealed class AnswersLeftTensorsInTheCount(MiniModel mini)
{
    private static readonly GenerationOptions s_short = new() { MaxNewTokens = 6 };

    /// <summary>Every method, and what wraps them.</summary>
    public static TheoryData<string> Ways => [.. Methods.All.Select(m => m.Name), "protected", "every-n-tokens", "equal-bytes"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_method_leaves_none_whatever_the_screen_s_size(string name)
    {
        var live = mini.Agent.LiveTensors;
        for (var i = 0; i < 3; i++)
        {
            mini.Agent.Ground(Screens(i), "Click \"Mask\"", new GroundingOptions { Method = Method(name), Budget = KvBudget.Keep(0.8), Generation = s_short });
            Assert.Equal(live, mini.Agent.LiveTensors);
        }
    }

    [Fact]
    public void Thirty_sizes_leave_none_while_layouts_come_and_go()
    {
        var live = mini.Agent.LiveTensors;
        var remembered = new List<long>();
        for (var i = 0; i < 30; i++)
        {
            mini.Agent.Ground([MiniModel.Tiny(56 + 28 * (i % 10), 56 + 28 * (i / 10))], "Click", new GroundingOptions { Generation = s_short });
            Assert.Equal(live, mini.Agent.LiveTensors);
            remembered.Add(mini.Agent.RememberedTensors);
        }

        // The count leaves out what it should: layouts and screens were made meanwhile.
        Assert.True(remembered.Max() - remembered.Min() > 20);
    }

    [Fact]
    public void Sessions_leave_none_whoever_ends_them()
    {
        var live = mini.Agent.LiveTensors;
        for (var session = 0; session < 3; session++)
        {
            using var memory = new LayerMemory();
            var options = new GroundingOptions { Memory = memory, Generation = s_short };
            for (var turn = 0; turn < 4; turn++)
            {
                mini.Agent.Ground(Screens(turn), "Click", options with { PastActions = [.. Enumerable.Repeat("Action: wait()", turn % 3)] });
                Assert.Equal(live, mini.Agent.LiveTensors);
            }

            var remembered = mini.Agent.RememberedTensors;
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() =>
                mini.Agent.Ground(Screens(0), "Click", options with { Method = Stopping(stop, session) }, stop.Token));
            Assert.Equal(live, mini.Agent.LiveTensors);
            Assert.Equal(remembered, mini.Agent.RememberedTensors);
            if (session == 1)
                memory.Reset();
            Assert.Equal(live, mini.Agent.LiveTensors);
        }

        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    [Fact]
    public void A_memory_reset_during_an_answer_leaves_none()
    {
        using var memory = new LayerMemory();
        var live = mini.Agent.LiveTensors;
        for (var i = 0; i < 3; i++)
        {
            // Once before the state of the layer is asked for again, once while others hold some.
            var method = new Lasting(layer =>
            {
                if (layer == 3)
                    memory.Reset();
            });
            mini.Agent.Ground(Screens(i), "Click", new GroundingOptions { Method = method, Memory = memory, Generation = s_short });
            Assert.Equal(live, mini.Agent.LiveTensors);
        }
    }

    [Fact]
    public void Answers_of_many_caches_leave_none_also_when_some_fail()
    {
        List<Compression> all =
        [
            .. Ways.Select(w => new Compression(Method(w.Data), KvBudget.Keep(0.9))), Compression.None,
            new Compression(new CountingMethod(layer => throw new InvalidOperationException($"layer {layer}")), KvBudget.Keep(0.3)),
            new Compression(new Protected(new StarKv(), new ProtectedTokens { Text = true }), KvBudget.Tokens(16)),
        ];
        var live = mini.Agent.LiveTensors;
        for (var i = 0; i < 3; i++)
        {
            var answers = mini.Agent.AnswerMany(Screens(i), "Click", new ManyAnswersOptions { Compressions = all, Generation = s_short });
            Assert.Equal(["InvalidOperationException: layer 0", "16 tokens"], answers.Answers.Select(a => a.Error?.Message).OfType<string>().Select(m => m.Contains("the 16 tokens", StringComparison.Ordinal) ? "16 tokens" : m));
            Assert.Equal(live, mini.Agent.LiveTensors);
            mini.Agent.Inspect(Screens(i), "Click", new InspectionOptions { Compressions = all, MatchBytes = i == 1, Generation = s_short });
            Assert.Equal(live, mini.Agent.LiveTensors);
        }
    }

    [Fact]
    public async Task Answers_that_end_early_leave_none()
    {
        var live = mini.Agent.LiveTensors;
        foreach (var layer in new[] { 0, 3, mini.Agent.Config.Text.Layers - 1 })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => mini.Agent.Ground(Screens(layer), "Click", new GroundingOptions { Method = Stopping(stop, layer) }, stop.Token));
            Assert.Equal(live, mini.Agent.LiveTensors);
            Assert.Throws<InvalidOperationException>(() => mini.Agent.Ground(
                Screens(layer), "Click", new GroundingOptions { Method = new CountingMethod(at => _ = at == layer ? throw new InvalidOperationException("the method's own") : 0) }));
            Assert.Equal(live, mini.Agent.LiveTensors);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => mini.Agent.GroundAsync(Screens(1), "Click", onText: _ => throw new InvalidOperationException("the caller's")));
        Assert.Equal(live, mini.Agent.LiveTensors);
    }

    private static CountingMethod Stopping(CancellationTokenSource stop, int layer) => new(at =>
    {
        if (at == layer)
            stop.Cancel();
    });

    private static List<Screenshot> Screens(int i) => [.. Enumerable.Range(0, 1 + i % 3).Select(n => MiniModel.Tiny(56 + 28 * ((i + n) % 9), 56 + 28 * (i % 4)))];

    private static ICompressionMethod Method(string name) => name switch
    {
        "protected" => new Protected(new StarKv(), new ProtectedTokens { System = true }),
        "every-n-tokens" => new EveryNTokens(new SnapKv(), 2),
        "equal-bytes" => new EqualBytes(new GuiKv(), 4),
        _ => Methods.Create(name),
    };

    /// <summary>star-kv, which remembers, and tells each layer before.</summary>
    private sealed class Lasting(Action<int> scored) : ICompressionMethod
    {
        private readonly StarKv _inner = new();

        public string Name => _inner.Name;

        public int Window(StarKV.Text.TokenMap prompt) => _inner.Window(prompt);

        public TorchSharp.torch.Tensor Score(in StarKV.Observe.LayerObservation observation, LayerMemory memory)
        {
            scored(observation.Layer);
            return _inner.Score(observation, memory);
        }
    }
}
