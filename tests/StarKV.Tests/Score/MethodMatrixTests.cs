using CsCheck;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Docs;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>
/// What holds for every registered method on every kind of prompt; a method enters by being registered in <see cref="Methods.All"/>, and the docs'
/// example stands beside them. A row may carry options behind the name, so that a method's other ways of dividing a budget are held to the same rules.
/// </summary>
public sealed class MethodMatrixTests
{
    private const int Layers = 3;

    // One group alone, and groups of one head, are among them.
    private static readonly (int KvHeads, int PerGroup)[] s_heads = [(1, 4), (4, 1), (2, 3), (1, 1)];

    private static readonly MethodEntry[] s_entries = [.. Methods.All, ExtendAMethodTests.Entry];

    private static readonly string[] s_rows = [.. s_entries.Select(m => m.Name), "star-kv aeb-scope=head", "star-kv aeb-scope=layer-budget", "gui-kv basis=principal-subspace", "pyramidkv preset=reference", "st-lite preset=paper", "st-lite preset=reference", "st-lite saliency-scale=plain", "snapkv value=on", "laq preset=plus", "laq preset=reference", "star-kv observe=probe"];

    public static TheoryData<string, string> EveryMethodOnEveryScene { get; } = new(
        MethodScene.Kinds.SelectMany(kind => s_rows.Select(row => (row, kind))));

    public static TheoryData<string> EveryMethod { get; } = new(s_rows);

    private static Gen<MethodScene> Scenes(string kind) => Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 3])
        .Select((seed, heads) => new MethodScene(kind, seed, s_heads[heads].KvHeads, s_heads[heads].PerGroup));

    private static ICompressionMethod Create(string row) =>
        Entry(row).Create(row.Split(' ').Skip(1).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]));

    private static MethodEntry Entry(string row) => s_entries.Single(m => m.Name == row.Split(' ')[0]);

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void The_selection_is_ascending_unique_in_range_and_within_the_budget_with_the_window_at_its_end(string row, string kind) =>
        Gen.Select(Scenes(kind), Gen.Int[1, 100]).Sample((scene, percent) => TorchThread.Run(() =>
        {
            var (method, budget, length) = (Create(row), KvBudget.Parse($"{percent}%"), scene.Prompt.Length);
            var layers = Selections(method, budget, scene);
            var window = Math.Min(method.Window(scene.Prompt), length - 1);
            Assert.All(layers, kept =>
            {
                Assert.True(kept.Length == 1 || kept.Length == scene.KvHeads);
                Assert.All(kept, head =>
                {
                    Assert.Equal(kept[0].Length, head.Length);
                    Assert.Equal(head.Distinct().Order(), head);
                    Assert.InRange(head[0], 0, length - 1);
                    // A window that fills the budget's rows, or the layer's, gives way to the past by two of them.
                    var last = Math.Max(1, Math.Min(window, Math.Min(head.Length, budget.Capacity(length)) - 2));
                    Assert.Equal(Enumerable.Range(length - last, last).Select(i => (long)i), head[^last..]);
                });
            });
            Check(method.LayerBudget, budget.Capacity(length), [.. layers.Select(kept => kept[0].Length)], length);
        }), iter: 40, threads: 1);

    /// <summary>The budget is met exactly in every layer, or in sum where layers differ.</summary>
    private static void Check(ILayerBudget kind, int capacity, int[] rows, int length)
    {
        switch (kind)
        {
            case KeepEverything:
                Assert.All(rows, r => Assert.Equal(length, r));
                break;
            case UniformBudget:
                Assert.All(rows, r => Assert.Equal(capacity, r));
                break;
            case PyramidBudget { Rounding: PyramidRounding.Published }:
                // The published step is rounded down.
                Assert.InRange(rows.Sum(), 1, Layers * capacity + Layers * (Layers - 1) / 2);
                break;
            case PyramidBudget or EntropyBudget:
                Assert.Equal(Layers * capacity, rows.Sum());
                break;
            default:
                Assert.InRange(rows.Sum(), Layers, Layers * capacity);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void The_same_input_gives_the_same_selection(string row, string kind) => Scenes(kind).Sample(scene => TorchThread.Run(() =>
        Assert.Equal(Selections(Create(row), KvBudget.Keep(0.3), scene), Selections(Create(row), KvBudget.Keep(0.3), scene))), iter: 10, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void Scores_are_finite_and_shaped_for_the_layer_or_its_heads(string row, string kind) => Scenes(kind).Sample(scene => TorchThread.Run(() =>
    {
        var method = Create(row);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        for (var step = 0; step < 3; step++)
        {
            var observation = scene.Layer(shared).Observe(Math.Min(method.Window(scene.Prompt), scene.Prompt.Length - 1), 9);
            var scores = method.Score(observation, memory);
            Assert.Equal(Entry(row).PerHead ? scene.KvHeads : 1, scores.shape[0]);
            Assert.Equal(observation.Past, scores.shape[1]);
            Assert.True(scores.isfinite().all().item<bool>());
        }
    }), iter: 10, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void A_past_of_one_token_has_a_finite_score(string row) => TorchThread.Run(() =>
    {
        var method = Create(row);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var (scene, window) = (new MethodScene("no frame", 1, 2, 2), method.Window(TestPrompts.Of(9)));
        var scores = method.Score(scene.Layer(shared, length: window + 1).Observe(window, 2), memory);
        Assert.Equal(1, scores.shape[1]);
        Assert.True(scores.isfinite().all().item<bool>());
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Short_prompts_keep_their_capacity(string row) => TorchThread.Run(() =>
    {
        var method = Create(row);
        for (var length = 1; length <= 12; length++)
        {
            for (var tokens = 2; tokens <= 12; tokens++)
            {
                var kept = Selections(method, KvBudget.Tokens(tokens), new MethodScene("no frame", length, 2, 2), length);
                Check(method.LayerBudget, Math.Min(tokens, length), [.. kept.Select(k => k[0].Length)], length);
            }
        }
    });

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void A_step_leaves_no_tensor_beyond_the_memory_s(string row, string kind) => TorchThread.Run(() =>
    {
        var (method, scene) = (Create(row), new MethodScene(kind, 5, 2, 3));
        var start = TorchThread.Live;
        var memory = new LayerMemory();
        var remembered = 0L;
        for (var step = 0; step < 12; step++)
        {
            Selections(method, KvBudget.Keep(0.3), scene, memory: memory);
            if (step == 0)
                remembered = TorchThread.Live;
            Assert.Equal(remembered, TorchThread.Live);
        }

        memory.Dispose();
        Assert.Equal(start, TorchThread.Live);
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void The_budget_of_everything_keeps_everything(string row) => TorchThread.Run(() =>
    {
        var scene = new MethodScene("one frame", 3, 2, 2);
        Assert.All(Selections(Create(row), KvBudget.All, scene), kept => Assert.Equal(scene.Prompt.Length, kept[0].Length));
    });

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void Protected_tokens_stay_within_the_same_budget(string row, string kind) =>
        Gen.Select(Scenes(kind), Gen.Int[60, 100]).Sample((scene, percent) => TorchThread.Run(() =>
        {
            var what = scene.Prompt.Frames.Count > 0
                ? new ProtectedTokens { System = true, Boxes = [new ScreenRegion(0.3, 0.2, 0.5, 0.6)] }
                : new ProtectedTokens { System = true };
            var (method, capacity) = (new Protected(Create(row), what), KvBudget.Parse($"{percent}%").Capacity(scene.Prompt.Length));
            var wanted = what.In(scene.Prompt).Select(t => (long)t).ToList();
            Assert.NotEmpty(wanted);
            var layers = Selections(method, KvBudget.Parse($"{percent}%"), scene);
            Assert.All(layers, kept => Assert.All(kept, head => Assert.Empty(wanted.Except(head))));
            if (row != "full")
                Assert.InRange(layers.Sum(kept => kept[0].Length), 1, Layers * capacity + (row == "pyramidkv preset=reference" ? Layers * (Layers - 1) / 2 : 0));
        }), iter: 20, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void The_registered_name_is_the_method_s_own(string row) => Assert.Equal(row.Split(' ')[0], Create(row).Name);

    /// <summary>The kept tokens of each head in each layer, one prefill.</summary>
    private static List<long[][]> Selections(ICompressionMethod method, KvBudget budget, MethodScene scene, int length = 0, LayerMemory? memory = null)
    {
        using var scope = NewDisposeScope();
        using var shared = new PromptTensors(CPU);
        var prompt = length > 0 ? TestPrompts.Of(length) : scene.Prompt;
        using var compactor = new PromptCompactor(new Compression(method, budget) { Memory = memory }, prompt, MRopePositions.Compute(prompt), Layers, 0, () => { });
        for (var layer = 0; layer < Layers; layer++)
            compactor.Add(scene.Layer(shared, layer, length));
        using var cache = compactor.Finish().Cache;
        return [.. cache.Layers.Select(l => l.TokensOfRows()).Select(t => t.Cast<long>().Chunk(t.GetLength(1)).ToArray())];
    }
}
