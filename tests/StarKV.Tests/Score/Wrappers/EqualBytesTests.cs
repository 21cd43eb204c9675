using CsCheck;
using StarKV.Budget;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score.Wrappers;

public sealed class EqualBytesTests
{
    private const int Layers = 4, Dim = 8, ElementBytes = 4;

    private static readonly (int KvHeads, int PerGroup)[] s_heads = [(2, 3), (1, 4), (3, 1)];

    public static TheoryData<string> EveryMethod { get; } = new(
        [.. Methods.All.Select(m => m.Name).Where(m => m != "full"),
        "star-kv aeb-scope=layer-budget", "snapkv granularity=query-head", "gui-kv granularity=query-head", "st-lite granularity=query-head", "pyramidkv granularity=query-head", "pyramidkv preset=reference", "vl-cache granularity=query-head"]);

    private static ICompressionMethod Create(string row) =>
        Methods.Create(row.Split(' ')[0], row.Split(' ').Skip(1).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]));

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Every_method_holds_the_budget_s_bytes_but_for_less_than_one_of_its_rows(string row) =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[20, 60], Gen.Int[0, 2]).Sample((seed, percent, heads) => TorchThread.Run(() =>
        {
            var (groups, perGroup) = s_heads[heads];
            var (method, budget) = (Create(row), KvBudget.Parse($"{percent}%"));
            using var cache = Read(new EqualBytes(method, perGroup), budget, new MethodScene("three frames", seed, groups, perGroup));
            var reference = 2L * budget.Capacity(cache.Prompt.Length) * Layers * groups * Dim * ElementBytes;
            var oneRow = 2L * groups * method.HeadCopies(perGroup) * Dim * ElementBytes;
            Assert.InRange(cache.NBytes, reference - oneRow + 1, reference);
        }), iter: 60, threads: 1);

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void No_method_holds_more_however_much_is_kept(string row) => TorchThread.Run(() =>
    {
        // Far up, layers that keep their whole prompt are stored without copies: less may then be all there is.
        for (var percent = 60; percent < 100; percent += 3)
        {
            using var cache = Read(new EqualBytes(Create(row), 3), KvBudget.Parse($"{percent}%"), new MethodScene("three frames", percent, 2, 3));
            Assert.InRange(cache.NBytes, 1, 2L * KvBudget.Parse($"{percent}%").Capacity(cache.Prompt.Length) * Layers * 2 * Dim * ElementBytes);
        }
    });

    [Fact]
    public void Copies_for_the_query_heads_leave_fewer_tokens() => TorchThread.Run(() =>
    {
        // 52 tokens at 50 %: 26 in every layer; three copies share them, 104 / 3 = 34 rows in 4 layers.
        using var cache = Read(new EqualBytes(Create("snapkv granularity=query-head"), 3), KvBudget.Tokens(26), new MethodScene("three frames", 1, 2, 3));
        Assert.Equal([8, 8, 9, 9], cache.Layers.Select(l => l.Length));
        Assert.All(cache.Layers, l => Assert.Equal(3, l.HeadCopies));
    });

    [Fact]
    public void Of_equal_layers_the_first_gives_way_for_the_bytes()
    {
        // 20 tokens in 3 layers are 60 rows, of which two copies leave 30. The layers come with 11 each: every one gives way once.
        Assert.Equal([10, 10, 10], Rows(Within(new Even(11), copies: 2, tokens: 20, layers: 3)));
        // 81 rows leave 40; of 14 each the first two give way.
        Assert.Equal([13, 13, 14], Rows(Within(new Even(14), copies: 2, tokens: 27, layers: 3)));
        Assert.Equal([2, 2], Rows(Within(new Even(9), copies: 4, tokens: 9, layers: 2)));
    }

    [Fact]
    public void A_layer_with_one_past_token_gives_way_by_its_window() =>
        Assert.Equal([new KeepPlan(6, 2)], Within(new Even(9), copies: 1, tokens: 8, layers: 1, window: 8));

    [Fact]
    public void More_tokens_are_tried_until_the_bytes_are_reached() =>
        // 26 rows leave 13 for two layers: 6 each are 24 of 26 rows, 7 each are 28, and the first gives way.
        Assert.Equal([6, 7], Rows(Within(new UniformBudget(), copies: 2, tokens: 13, layers: 2)));

    private static int[] Rows(IReadOnlyList<KeepPlan?> plans) => [.. plans.Select(p => p!.Value.Rows)];

    private static IReadOnlyList<KeepPlan?> Within(ILayerBudget budget, int copies, int tokens, int layers, int window = 2) =>
        new WithinBytes("test", budget, copies).Divide(KvBudget.Tokens(tokens), window, TestPrompts.Of(100), layers, []);

    /// <summary>Gives every layer a number of rows at least.</summary>
    private sealed class Even(int least) : ILayerBudget
    {
        public string Name => "even";

        public IReadOnlyList<KeepPlan?> Divide(KvBudget budget, int window, TokenMap prompt, int layers, IReadOnlyList<double> measures) =>
            [.. Enumerable.Repeat(KeepPlan.OfRows(Math.Max(least, budget.Capacity(prompt.Length)), window, prompt.Length), layers)];
    }

    [Fact]
    public void A_budget_of_everything_stays_one() => TorchThread.Run(() =>
    {
        using var cache = Read(new EqualBytes(Create("snapkv granularity=query-head"), 3), KvBudget.All, new MethodScene("one frame", 1, 2, 3));
        Assert.All(cache.Layers, l => Assert.True(l.KeepsWholePrompt));
    });

    [Fact]
    public void Too_little_for_the_copies_is_told_with_the_way_out() => TorchThread.Run(() =>
    {
        var error = Assert.Throws<StarKvException>(() =>
            Read(new EqualBytes(Create("snapkv granularity=query-head"), 3), KvBudget.Tokens(5), new MethodScene("one frame", 1, 2, 3)).Dispose());
        Assert.Contains("snapkv stores 3 copies", error.Message, StringComparison.Ordinal);
        Assert.Contains("granularity=kv-head", error.Message, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void The_copies_that_a_method_names_are_those_it_stores_within_wrappers_too(string row) => TorchThread.Run(() =>
    {
        var method = new EveryNTokens(new Protected(Create(row), new ProtectedTokens()), 100);
        using var cache = Read(method, KvBudget.Keep(0.5), new MethodScene("one frame", 3, 2, 3));
        Assert.All(cache.Layers, l => Assert.Equal(((ICompressionMethod)method).HeadCopies(3), l.HeadCopies));
    });

    private static KvCache Read(ICompressionMethod method, KvBudget budget, MethodScene scene)
    {
        using var scope = NewDisposeScope();
        using var shared = new PromptTensors(CPU);
        using var compactor = new PromptCompactor(new Compression(method, budget), scene.Prompt, MRopePositions.Compute(scene.Prompt), Layers, 0, () => { });
        for (var layer = 0; layer < Layers; layer++)
            compactor.Add(scene.Layer(shared, layer));
        var (cache, answer, _) = compactor.Finish();
        answer?.Dispose();
        return cache;
    }
}
