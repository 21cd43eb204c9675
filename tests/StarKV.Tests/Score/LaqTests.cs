using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

public sealed class LaqTests
{
    [Theory]
    [InlineData("")]
    [InlineData("preset=plus")]
    [InlineData("preset=reference")]
    [InlineData("window=3")]
    [InlineData("window=3 sees=shifted kernel=3 pooling=average")]
    [InlineData("softmax=off window=2 kernel=5")]
    [InlineData("softmax=off sees=shifted kernel=1")]
    [InlineData("value=on pooling=average")]
    [InlineData("granularity=query-head window=4")]
    [InlineData("granularity=query-head value=on")]
    // More than 32 queries go group by group.
    [InlineData("window=30 kernel=1", 9)]
    [InlineData("window=30 sees=shifted", 9)]
    public void The_score_is_the_formula_s(string options, int drafted = 5) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var method = Create(options);
        var scene = new MethodScene("three frames", 7, 2, 3);
        var o = scene.Layer(shared).Observe(method.Window(scene.Prompt), 9) with { DraftQueries = Draft(drafted) };
        var chosen = Options(method);
        Holds(LaqReference.Scores(o, chosen, drafted), method.Score(o, memory));
    });

    [Fact]
    public void Without_a_draft_the_last_queries_look_alone() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("three frames", 7, 2, 3);
        foreach (var options in new[] { "", "preset=plus", "preset=reference" })
        {
            var method = Create(options);
            var o = scene.Layer(shared).Observe(method.Window(scene.Prompt), 9);
            var snap = new SnapKv(new AttentionOptions { Kernel = 7, Pooling = Pooling.Max });
            Holds(Rows(snap.Score(o, memory)), method.Score(o, memory));
        }
    });

    [Fact]
    public void The_draft_is_written_on_snapkv_s_cache_with_the_paper_s_window()
    {
        var (draft, other) = (new Laq().Draft, new Laq(new LaqOptions { Draft = 3, DraftWindow = 5, DraftKeep = 0.25, Kernel = 3, Pooling = Pooling.Average }).Draft);
        Assert.Equal((8, null), (draft.Tokens, draft.Budget));
        Assert.Equal(new SnapKv(new AttentionOptions { Window = 32, Kernel = 7, Pooling = Pooling.Max }).Options, draft.Method.Options);
        Assert.Equal((3, KvBudget.Keep(0.25)), (other.Tokens, other.Budget!.Value));
        Assert.Equal(new SnapKv(new AttentionOptions { Window = 5, Kernel = 3, Pooling = Pooling.Average }).Options, other.Method.Options);
        Assert.Equal(("8 tokens on snapkv, keep as the cache", "3 tokens on snapkv, keep 25%"), ($"{draft}", $"{other}"));
    }

    [Fact]
    public void Presets_are_the_paper_s_two_methods_and_the_released_program_s_mask()
    {
        Assert.Equal((0, 8, LaqSees.All), (new LaqOptions().Window, LaqOptions.Plus.Window, LaqOptions.Plus.Sees));
        Assert.Equal(LaqOptions.Plus with { Sees = LaqSees.Shifted }, LaqOptions.Reference);
        foreach (var (preset, options) in new[] { ("paper", new LaqOptions()), ("plus", LaqOptions.Plus), ("reference", LaqOptions.Reference) })
            Assert.Equal(new Laq(options).Options, Create($"preset={preset}").Options);
        Assert.Equal((1, 8), (new Laq().Window(TestPrompts.Of(9)), Create("preset=plus").Window(TestPrompts.Of(9))));
        Assert.Equal((1, 4), (new Laq().HeadCopies(4), Create("granularity=query-head").HeadCopies(4)));
    }

    [Theory]
    [InlineData("draft=0", "laq: option draft is 0; it must be 1 to 64.")]
    [InlineData("draft=65", "laq: option draft is 65; it must be 1 to 64.")]
    [InlineData("draft-keep=1.5", "laq: option draft-keep is 1.5; it must be 0 to 1.")]
    [InlineData("window=-1", "laq: option window is -1; it must be 0 to 256.")]
    [InlineData("sees=some", "laq: option sees is 'some'; it must be all or shifted.")]
    [InlineData("kernel=4", "laq: option kernel is 4; it must be odd, 1 to 63.")]
    public void Bad_options_are_named(string options, string message) => Assert.Equal(message, Assert.Throws<StarKvException>(() => Create(options)).Message);

    [Fact]
    public void A_draft_has_tokens_and_a_cache_that_needs_no_draft()
    {
        Assert.Equal("A draft of 0 tokens was asked for; it must have 1 or more.", Assert.Throws<StarKvException>(() => new DraftRequest(new SnapKv(), 0)).Message);
        Assert.Equal(
            "A draft cannot be written on a cache of laq, which asks for a draft itself.",
            Assert.Throws<StarKvException>(() => new DraftRequest(new Laq(), 3)).Message);
        Assert.Throws<ArgumentNullException>(() => new DraftRequest(null!, 3));
    }

    private static Tensor Draft(int tokens) => randn([6, tokens, 8], generator: new Generator(5, CPU));

    private static ICompressionMethod Create(string options) => Methods.Create(
        "laq", options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]));

    private static LaqOptions Options(ICompressionMethod method) => LaqOptions.Table.Read(new LaqOptions(), method.Options!);

    private static double[][] Rows(Tensor scores) =>
        [.. scores.to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk((int)scores.shape[1])];

    private static void Holds(double[][] wanted, Tensor scores) => ExactLayer.Holds(scores, wanted);
}
