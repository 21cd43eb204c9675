using System.Diagnostics;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Compact;

public sealed class PromptCompactorTests
{
    private const int Layers = 3;

    private static readonly ICompressionMethod[] s_methods =
        [new StarKv(), new GuiKv(), new GuiKv(new GuiKvOptions { NormSource = NormSource.Residual }), new StLite(), new SnapKv(), new PyramidKv(), new KNorm(), new RandomKeep()];

    public static TheoryData<int, string> EveryMethodOnEveryScene { get; } = new(
        Enumerable.Range(0, s_methods.Length).SelectMany(m => MethodScene.Kinds.Select(kind => (m, kind))));

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void Selection_at_the_end_equals_selection_at_once_where_the_plans_are_equal(int method, string kind) => TorchThread.Run(() =>
    {
        var scene = new MethodScene(kind, 3, 2, 2);
        Assert.Equal(Rows(s_methods[method], scene), Rows(new AtTheEnd(s_methods[method]), scene));
    });

    [Fact]
    public void What_was_held_is_freed_when_the_prompt_ends_and_when_it_is_abandoned() => TorchThread.Run(() =>
    {
        var scene = new MethodScene("three frames", 3, 2, 2);
        var start = TorchThread.Live;
        foreach (var abandoned in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            using var shared = new PromptTensors(CPU);
            var compactor = Compactor(new EveryNTokens(new AtTheEnd(new StarKv()), 4), scene);
            for (var layer = 0; layer < Layers; layer++)
                compactor.Add(scene.Layer(shared, layer));
            if (abandoned)
            {
                compactor.Abandon();
                continue;
            }

            var (cache, answer, _) = compactor.Finish();
            compactor.Dispose();
            cache.Dispose();
            answer!.Dispose();
        }

        Assert.Equal(start, TorchThread.Live);
    });

    [Fact]
    public void A_held_layer_no_longer_needs_the_layer_s_own_tensors() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("three frames", 3, 2, 2);
        var (at, once) = (Compactor(new AtTheEnd(new GuiKv()), scene), Rows(new GuiKv(), scene));
        for (var i = 0; i < Layers; i++)
        {
            var layer = scene.Layer(shared, i);
            at.Add(layer);
            layer.Keys.fill_(float.NaN);
            layer.Values.fill_(float.NaN);
            layer.Queries.fill_(float.NaN);
            layer.Norms.Peek(NormSource.Input).fill_(float.NaN);
        }

        using var cache = at.Finish().Cache;
        at.Dispose();
        Assert.Equal(once, RowsOf(cache));
    });

    [Fact]
    public void Where_the_whole_prompt_fits_nothing_is_measured_or_held() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("one frame", 3, 2, 2);
        using var compactor = new PromptCompactor(
            new Compression(new AtTheEnd(new SnapKv(), measurable: false), KvBudget.All), scene.Prompt, MRopePositions.Compute(scene.Prompt), 1, 0, () => { });
        compactor.Add(scene.Layer(shared));
        using var cache = compactor.Finish().Cache;
        Assert.True(cache.Layers[0].KeepsWholePrompt);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_prompt_that_ends_is_remembered_and_one_that_does_not_is_not(bool ends) => TorchThread.Run(() =>
    {
        var scene = new MethodScene("three frames", 3, 2, 2);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        for (var prompt = 1; prompt <= 2; prompt++)
        {
            var compactor = Compactor(new StarKv(), scene, memory);
            for (var layer = 0; layer < Layers; layer++)
                compactor.Add(scene.Layer(shared, layer));
            if (ends)
                compactor.Remember();
            compactor.Finish().Cache.Dispose();
            compactor.Dispose();
            Assert.Equal(ends ? prompt : 0, memory.For<StarKvState>(0).Prefills);
            // Nor is it in use any longer.
            Task.Run(() => memory.Use().Dispose()).Wait();
        }
    });

    [Fact]
    public void Without_a_memory_nothing_is_left_of_a_prompt_that_ends() => TorchThread.Run(() =>
    {
        var scene = new MethodScene("three frames", 3, 2, 2);
        var start = TorchThread.Live;
        foreach (var abandoned in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            using var shared = new PromptTensors(CPU);
            var compactor = Compactor(new StarKv(), scene);
            for (var layer = 0; layer < Layers; layer++)
                compactor.Add(scene.Layer(shared, layer));
            compactor.Remember();
            if (abandoned)
            {
                compactor.Abandon();
                continue;
            }

            compactor.Dispose();
            compactor.Finish().Cache.Dispose();
        }

        Assert.Equal(start, TorchThread.Live);
    });

    [Theory]
    [InlineData(20, 256, 0, 19)]
    [InlineData(20, 256, 17, 3)]
    [InlineData(20, 8, 17, 3)]
    [InlineData(20, 8, 1, 8)]
    [InlineData(20, 0, 1, 1)]
    [InlineData(20, 8, 20, 1)]
    [InlineData(1, 8, 0, 1)]
    public void The_window_lies_among_the_tokens_that_are_read_and_leaves_one_of_a_prompt(int length, int wanted, int first, int window)
    {
        var (prompt, asked) = (TestPrompts.Of(length), new AskedForItsWindow(wanted));
        using var compactor = new PromptCompactor(new Compression(asked, KvBudget.Tokens(2)), prompt, MRopePositions.Compute(prompt), 1, 0, () => { }, first);
        Assert.Equal((window, false), (asked.Window, compactor.HoldsLayers));
        if (first > 0)
            return;
        asked.Window = null;
        PromptCompactor.Check(new Compression(asked, KvBudget.Tokens(2)), prompt, 1);
        Assert.Equal(window, asked.Window);
    }

    [Fact]
    public void Work_is_timed_between_two_waits_and_nothing_beside_it() => TorchThread.Run(() =>
    {
        var (waits, scene, added) = (0, new MethodScene("one frame", 3, 2, 2), new Stopwatch());
        using var shared = new PromptTensors(CPU);
        var compression = new Compression(new SnapKv(), KvBudget.Keep(0.4));
        using var compactor = new PromptCompactor(compression, scene.Prompt, MRopePositions.Compute(scene.Prompt), 2, 0, () => waits++);
        for (var layer = 0; layer < 2; layer++)
        {
            var input = scene.Layer(shared, layer);
            added.Start();
            compactor.Add(input);
            added.Stop();
            Thread.Sleep(30);
        }

        var (cache, _, selection) = compactor.Finish();
        cache.Dispose();
        Assert.Equal(4, waits);
        Assert.InRange(selection, TimeSpan.FromTicks(1), added.Elapsed);
    });

    [Fact]
    public void One_selection_for_all_heads_is_refused_where_they_hold_different_tokens() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("no frame", 3, 2, 2);
        var tokens = arange(scene.Prompt.Length, ScalarType.Int64).unsqueeze(0);
        long[] Lists(ICompressionMethod method, int lists)
        {
            using var compactor = new PromptCompactor(new Compression(method, KvBudget.Keep(0.4)), scene.Prompt, MRopePositions.Compute(scene.Prompt), 1, 0, () => { }, 10);
            compactor.Add(scene.Layer(shared) with { Earlier = new EarlierRows(10, tokens.expand(lists, -1).contiguous(), 1, false) });
            using var cache = compactor.Finish().Cache;
            return cache.Layers[0].TokenOfRow().shape;
        }

        Assert.Contains("The heads of layer 0 hold different tokens", Assert.Throws<StarKvException>(() => Lists(new StreamingLlm(), 2)).Message, StringComparison.Ordinal);
        Assert.Equal(1, Lists(new StreamingLlm(), 1)[0]);
        Assert.Equal(2, Lists(new KNorm(), 2)[0]);
        Assert.Equal(2, Lists(new KNorm(), 1)[0]);
    });

    private static PromptCompactor Compactor(ICompressionMethod method, MethodScene scene, LayerMemory? memory = null) =>
        new(new Compression(method, KvBudget.Keep(0.4)) { Memory = memory }, scene.Prompt, MRopePositions.Compute(scene.Prompt), Layers, 0, () => { });

    private static List<string> Rows(ICompressionMethod method, MethodScene scene)
    {
        using var shared = new PromptTensors(CPU);
        using var compactor = Compactor(method, scene);
        for (var layer = 0; layer < Layers; layer++)
            compactor.Add(scene.Layer(shared, layer));
        using var cache = compactor.Finish().Cache;
        return RowsOf(cache);
    }

    /// <summary>Tokens, keys and values of every layer.</summary>
    private static List<string> RowsOf(KvCache cache) => [.. cache.Layers.Select(l =>
        $"{string.Join(' ', l.TokensOfRows().Cast<long>())}: {string.Join(' ', Floats(l.PeekKeys()))}; {string.Join(' ', Floats(l.PeekValues()))}")];

    private static float[] Floats(Tensor held) => held.contiguous().data<float>().ToArray();

    /// <summary>A method that wants a window and notes the one that its budget is divided with.</summary>
    private sealed class AskedForItsWindow(int wanted) : ICompressionMethod, ILayerBudget
    {
        public string Name => "asked";

        public int? Window { get; set; }

        public ILayerBudget LayerBudget => this;

        int ICompressionMethod.Window(TokenMap prompt) => wanted;

        public Tensor Score(in LayerObservation observation, LayerMemory memory) => throw new InvalidOperationException("scored");

        public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
        {
            Window = window;
            return new KeepPlan?[layers];
        }
    }

    /// <summary>A method whose budget pretends to need measures, and then divides as the method's own.</summary>
    private sealed class AtTheEnd(ICompressionMethod method, bool measurable = true) : ICompressionMethod, ILayerBudget
    {
        public string Name => method.Name;

        public ILayerBudget LayerBudget => this;

        public bool NeedsMeasures => true;

        public int Window(TokenMap prompt) => method.Window(prompt);

        public Tensor Score(in LayerObservation observation, LayerMemory memory) => method.Score(observation, memory);

        public Tensor Measure(in LayerObservation layer) => measurable ? tensor(layer.Layer + 0.5f) : throw new InvalidOperationException("measured");

        public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures)
        {
            if (measurable)
                Assert.Equal(Enumerable.Range(0, layers).Select(i => i + 0.5), measures);
            return method.LayerBudget.Divide(budget, window, prompt, layers, []);
        }
    }
}
