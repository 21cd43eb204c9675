using CsCheck;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Tests.Select;

/// <summary>What holds for every registered method on every kind of prompt; a method enters by being registered in <see cref="Methods.All"/>.</summary>
public sealed class MethodMatrixTests
{
    private const int Layers = 3;

    // One group alone, and groups of one head, are among them.
    private static readonly (int KvHeads, int PerGroup)[] s_heads = [(1, 4), (4, 1), (2, 3), (1, 1)];

    public static TheoryData<string, string> EveryMethodOnEveryScene { get; } = Product(MethodScene.Kinds);

    public static TheoryData<string> EveryMethod { get; } = new(Methods.All.Select(m => m.Name));

    private static TheoryData<string, string> Product(IEnumerable<string> kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in kinds)
        {
            foreach (var method in Methods.All)
                data.Add(method.Name, kind);
        }

        return data;
    }

    private static Gen<MethodScene> Scenes(string kind) => Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 3])
        .Select((seed, heads) => new MethodScene(kind, seed, s_heads[heads].KvHeads, s_heads[heads].PerGroup));

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void The_selection_is_ascending_unique_in_range_and_as_long_as_its_capacity_with_the_window_at_its_end(string name, string kind) =>
        Gen.Select(Scenes(kind), Gen.Int[1, 100]).Sample((scene, percent) => TorchThread.Run(() =>
        {
            var (method, budget, length) = (Methods.Create(name), KvBudget.Parse($"{percent}%"), scene.Prompt.Length);
            var held = 0;
            foreach (var (kept, layer) in Selections(method, budget, scene).Select((kept, layer) => (kept, layer)))
            {
                var plan = method.Plan(budget, length, layer, Layers);
                held += kept is null ? length : kept[0].Length;
                Assert.Equal(plan is null, kept is null);
                if (kept is null)
                    continue;

                Assert.True(kept.Length == 1 || kept.Length == scene.KvHeads);
                var (capacity, window) = (plan!.Value.Rows, plan.Value.Window);
                Assert.All(kept, head =>
                {
                    Assert.Equal(capacity, head.Length);
                    Assert.Equal(head.Distinct().Order(), head);
                    Assert.InRange(head[0], 0, length - 1);
                    Assert.Equal(Enumerable.Range(length - window, window).Select(i => (long)i), head[^window..]);
                });
            }

            // Layers may share a budget unequally, but together they hold no more than it, save for the rounding of a step from layer to
            // layer that the published pyramid has; full says that it ignores it.
            if (name != "full")
                Assert.InRange(held, 1, Layers * budget.Capacity(length) + (name == "pyramidkv" ? Layers * (Layers - 1) / 2 : 0));
        }), iter: 40, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void The_same_input_gives_the_same_selection(string name, string kind) => Scenes(kind).Sample(scene => TorchThread.Run(() =>
        Assert.Equal(Selections(Methods.Create(name), KvBudget.Keep(0.3), scene), Selections(Methods.Create(name), KvBudget.Keep(0.3), scene))), iter: 10, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void Scores_are_finite_and_shaped_for_the_layer_or_its_heads(string name, string kind) => Scenes(kind).Sample(scene => TorchThread.Run(() =>
    {
        var method = Methods.Create(name);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        for (var step = 0; step < 3; step++)
        {
            var observation = scene.Layer(shared).Observe(new KeepPlan(Math.Min(method.Window, scene.Prompt.Length - 1), 1));
            var scores = method.Score(observation, memory);
            Assert.True(scores.shape[0] == 1 || scores.shape[0] == scene.KvHeads);
            Assert.Equal(observation.Past, scores.shape[1]);
            Assert.True(scores.isfinite().all().item<bool>());
        }
    }), iter: 10, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void A_past_of_one_token_has_a_finite_score(string name) => TorchThread.Run(() =>
    {
        var method = Methods.Create(name);
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("no frame", 1, 2, 2);
        var scores = method.Score(scene.Layer(shared, length: method.Window + 1).Observe(new KeepPlan(method.Window, 1)), memory);
        Assert.Equal(1, scores.shape[1]);
        Assert.True(scores.isfinite().all().item<bool>());
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Short_prompts_keep_their_capacity(string name) => TorchThread.Run(() =>
    {
        var method = Methods.Create(name);
        for (var length = 1; length <= 12; length++)
        {
            for (var tokens = 2; tokens <= 12; tokens++)
            {
                using var memory = new LayerMemory();
                using var shared = new PromptTensors(CPU);
                var layer = new MethodScene("no frame", length, 2, 2).Layer(shared, length: length);
                var kept = Selector.Select(method, KvBudget.Tokens(tokens), layer, memory);
                Assert.Equal(method.Plan(KvBudget.Tokens(tokens), length, 0, Layers)?.Rows, kept?.shape[1]);
            }
        }
    });

    [Theory]
    [MemberData(nameof(EveryMethodOnEveryScene))]
    public void A_step_leaves_no_tensor_beyond_the_memory_s(string name, string kind) => TorchThread.Run(() =>
    {
        var (method, scene) = (Methods.Create(name), new MethodScene(kind, 5, 2, 3));
        var start = TorchThread.Live;
        var memory = new LayerMemory();
        var remembered = 0L;
        for (var step = 0; step < 12; step++)
        {
            using (NewDisposeScope())
            using (var shared = new PromptTensors(CPU))
            {
                for (var layer = 0; layer < Layers; layer++)
                    Selector.Select(method, KvBudget.Keep(0.3), scene.Layer(shared, layer), memory)?.Dispose();
            }

            if (step == 0)
                remembered = TorchThread.Live;
            Assert.Equal(remembered, TorchThread.Live);
        }

        memory.Dispose();
        Assert.Equal(start, TorchThread.Live);
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void The_budget_of_everything_keeps_everything(string name) => TorchThread.Run(() =>
        Assert.All(Selections(Methods.Create(name), KvBudget.All, new MethodScene("one frame", 3, 2, 2)), Assert.Null));

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void The_registered_name_is_the_method_s_own(string name) => Assert.Equal(name, Methods.Create(name).Name);

    /// <summary>The kept tokens of each head in each layer, one prefill; null where a layer keeps everything.</summary>
    private static List<long[][]?> Selections(ICompressionMethod method, KvBudget budget, MethodScene scene)
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var all = new List<long[][]?>();
        for (var layer = 0; layer < Layers; layer++)
        {
            using var scope = NewDisposeScope();
            var kept = Selector.Select(method, budget, scene.Layer(shared, layer), memory);
            all.Add(kept is null ? null : [.. kept.contiguous().data<long>().ToArray().Chunk((int)kept.shape[1])]);
        }

        return all;
    }
}
