using StarKV.Compact;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Select;
using StarKV.Tests.Select;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Compact;

public sealed class PromptCompactorTests
{
    private const int Layers = 3;

    private static readonly ICompressionMethod[] s_methods =
        [new StarKv(), new GuiKv(), new GuiKv(new GuiKvOptions { NormSource = NormSource.Residual }), new SnapKv(), new PyramidKv(), new KNorm(), new RandomKeep()];

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

    private static PromptCompactor Compactor(ICompressionMethod method, MethodScene scene) =>
        new(new Compression(method, KvBudget.Keep(0.4)), scene.Prompt, MRopePositions.Compute(scene.Prompt), Layers, 0, () => { });

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
    private static List<string> RowsOf(StarKV.Cache.KvCache cache) => [.. cache.Layers.Select(l =>
        $"{string.Join(' ', l.TokensOfRows().Cast<long>())}: {string.Join(' ', Floats(l.PeekKeys()))}; {string.Join(' ', Floats(l.PeekValues()))}")];

    private static float[] Floats(Tensor held) => held.contiguous().data<float>().ToArray();

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
