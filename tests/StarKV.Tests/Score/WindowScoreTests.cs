using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The numbers of the methods that score by window attention alone, worked out by hand.</summary>
/// <remarks>
/// Six tokens whose keys weigh 1, 2, 4, 1, 2 and 6, and a window of two. The first query sees five keys of 10 in sum, the second six of 16, so a
/// head of exponent 1 gives a past token of weight w the attention w·(1/10 + 1/16) = 0.1625·w; a head of exponent 0 gives each 1/5 + 1/6 = 11/30.
/// </remarks>
public sealed class WindowScoreTests
{
    private const double Unit = 0.1625, Even = 11.0 / 30;

    private static readonly float[] s_weights = [1, 2, 4, 1, 2, 6];

    private static readonly AttentionOptions s_plain = new() { Window = 2, Kernel = 1 };

    public static TheoryData<string> Scorers { get; } = new("snapkv", "pyramidkv", "vl-cache", "gui-kv", "st-lite");

    private static ICompressionMethod Create(string name, AttentionOptions options) => name switch
    {
        "snapkv" => new SnapKv(options),
        "pyramidkv" => new PyramidKv(new PyramidKvOptions { Attention = options }),
        "vl-cache" => new VlCache(new VlCacheOptions { Attention = options }),
        "st-lite" => new StLite(new StLiteOptions { Attention = options }),
        _ => new GuiKv(new GuiKvOptions { Attention = options, Alpha = 0 }),
    };

    private static void Gives(
        string name, AttentionOptions options, double[][] wanted, float[]? exponents = null, float[][]? weights = null, float[][]? values = null) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var layer = ExactLayer.Of(TestPrompts.Of(6), shared, weights ?? [s_weights], exponents ?? [1, 0]);
        if (values is not null)
            layer.Values.narrow(2, 1, 1).copy_(stack(values.Select(v => tensor(v))).unsqueeze(2));
        ExactLayer.Holds(Create(name, options).Score(layer.Observe(2, 4), memory), wanted);
    });

    [Theory]
    [MemberData(nameof(Scorers))]
    public void A_group_s_score_is_the_mean_of_its_heads_attention_summed_over_the_window(string name) =>
        Gives(name, s_plain, [[(Unit + Even) / 2, (2 * Unit + Even) / 2, (4 * Unit + Even) / 2, (Unit + Even) / 2]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void Query_heads_score_by_themselves_where_they_are_asked_to(string name) =>
        Gives(name, s_plain with { Granularity = Granularity.QueryHead }, [[Unit, 2 * Unit, 4 * Unit, Unit], [Even, Even, Even, Even]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void The_mean_over_a_kernel_counts_the_padding(string name) => Gives(name, s_plain with { Kernel = 3 },
        [[(3 * Unit + 2 * Even) / 6, (7 * Unit + 3 * Even) / 6, (7 * Unit + 3 * Even) / 6, (5 * Unit + 2 * Even) / 6]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void The_largest_of_a_kernel_is_taken_before_the_mean_of_the_heads(string name) => Gives(name, s_plain with { Kernel = 3, Pooling = Pooling.Max },
        [[(2 * Unit + Even) / 2, (4 * Unit + Even) / 2, (4 * Unit + Even) / 2, (4 * Unit + Even) / 2]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void A_wider_kernel_reaches_two_tokens_to_either_side(string name) => Gives(name, s_plain with { Kernel = 5 },
        [[(7 * Unit + 3 * Even) / 10, (8 * Unit + 4 * Even) / 10, (8 * Unit + 4 * Even) / 10, (7 * Unit + 3 * Even) / 10]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void Each_group_scores_with_its_own_keys(string name) =>
        // The second group's keys sum to 9 and 14 before and with the last one.
        Gives(name, s_plain, [[Unit, 2 * Unit, 4 * Unit, Unit], [3 * (1 / 9.0 + 1 / 14.0), 1 / 9.0 + 1 / 14.0, 1 / 9.0 + 1 / 14.0, 2 * (1 / 9.0 + 1 / 14.0)]], [1, 1], [s_weights, [3, 1, 1, 2, 2, 5]]);

    [Theory]
    [MemberData(nameof(Scorers))]
    public void A_score_is_multiplied_by_the_length_of_its_group_s_value_where_that_is_asked_for(string name)
    {
        // Values of one channel: their lengths are its sizes; those of the window do not count.
        float[][] values = [[2, -3, 0, 1, 9, 9], [1, 1, -5, 2, 9, 9]];
        var (first, second) = (1 / 9.0 + 1 / 14.0, s_plain with { Value = true });
        Gives(name, second, [[2 * Unit, 6 * Unit, 0, Unit], [3 * first, first, 5 * first, 4 * first]], [1, 1], [s_weights, [3, 1, 1, 2, 2, 5]], values);
        Gives(name, second with { Granularity = Granularity.QueryHead },
            [[2 * Unit, 6 * Unit, 0, Unit], [2 * Even, 3 * Even, 0, Even]], [1, 0], [s_weights], [values[0]]);
    }

    [Fact]
    public void The_heads_of_a_group_lie_side_by_side() =>
        Gives("snapkv", s_plain, [[(Unit + Even) / 2, (2 * Unit + Even) / 2, (4 * Unit + Even) / 2, (Unit + Even) / 2], [Even, Even, Even, Even]], [1, 0, 0, 0], [s_weights, s_weights]);

    [Fact]
    public void Names_windows_and_copies_are_the_options()
    {
        var prompt = TestPrompts.Of(5);
        foreach (var name in Scorers.Select(row => row.Data))
        {
            var heads = Create(name, new AttentionOptions { Window = 3, Granularity = Granularity.QueryHead });
            Assert.Equal((name, 3, 7), (heads.Name, heads.Window(prompt), heads.HeadCopies(7)));
            Assert.Equal(1, Create(name, new AttentionOptions()).HeadCopies(7));
        }
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(1, 1)]
    public void The_window_of_vl_cache_is_the_text_behind_the_last_screenshot(int text, int window) =>
        Assert.Equal(window, new VlCache().Window(TestPrompts.Of(text, (2, 3), (1, 2))));

    [Fact]
    public void The_window_of_vl_cache_is_one_token_where_the_screenshot_ends_the_prompt() =>
        Assert.Equal(1, new VlCache().Window(new TokenMap(new int[3], [TokenClass.User, TokenClass.Vision, TokenClass.Vision], [new FrameSpan(1, 3, 1, 2)])));

    [Fact]
    public void Each_method_divides_its_budget_in_its_own_way()
    {
        Assert.IsType<UniformBudget>(((ICompressionMethod)new SnapKv()).LayerBudget);
        Assert.IsType<UniformBudget>(((ICompressionMethod)new GuiKv()).LayerBudget);
        Assert.IsType<UniformBudget>(((ICompressionMethod)new StLite()).LayerBudget);
        Assert.IsType<SparsityBudget>(new VlCache().LayerBudget);
        Assert.Equal(PyramidRounding.Published, Assert.IsType<PyramidBudget>(new PyramidKv(PyramidKvOptions.Reference).LayerBudget).Rounding);
    }
}
