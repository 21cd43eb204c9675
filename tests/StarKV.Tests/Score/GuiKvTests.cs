using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>Which tokens of earlier screenshots GUI-KV (arXiv 2510.00536, section 3.3) sets to 0, by hand.</summary>
/// <remarks>
/// Text at 0, a screenshot of four cells at 1 to 4, text at 5, one of two cells at 6 and 7, text at 8, which is the window. The last screenshot's
/// keys are (1, 0, 0, 0) and (0, 3, 0, 0). The earlier one's distances from the first alone are 0.1, 0.5, 2 and 0.4; from the second alone, which
/// has the most energy, 3.002, 0, 2.24 and 5.02; from both 0.1, 0, 2 and 0.4.
/// </remarks>
public sealed class GuiKvTests
{
    private const int Length = 9;

    private static readonly TokenMap s_prompt = TestPrompts.Of(1, (1, 4), (1, 2));

    private static readonly float[,] s_keys =
    {
        { 1, 0, 0, 0 }, { 3, 0, 0.1f, 0 }, { 0, 0.5f, 0, 0 }, { 1, 0, 0, 2 }, { 5, 0, 0.4f, 0 }, { 1, 1, 1, 1 }, { 1, 0, 0, 0 }, { 0, 3, 0, 0 }, { 1, 0, 0, 0 },
    };

    // Scores beside the zeros: those of the attention alone.
    private static readonly GuiKvOptions s_options = new() { Attention = new AttentionOptions { Window = 1, Kernel = 1 }, Alpha = 0, Rank = 1 };

    /// <summary>The tokens that score 0 in each list of the scores, when C rows are kept.</summary>
    private static int[][] Zeros(GuiKvOptions options, int capacity, TokenMap? prompt = null) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var keys = tensor(s_keys);
        // The second head's keys stand in reverse where the earlier screenshot lies.
        keys = stack([keys, cat([keys.narrow(0, 0, 1), keys.narrow(0, 1, 4).flip(0), keys.narrow(0, 5, 4)])]);
        var layer = ExactLayer.Of(prompt ?? s_prompt, shared, [new float[Length], new float[Length]], 0, 0, 0, 0) with { Keys = keys };
        var scores = new GuiKv(options).Score(layer.Observe(1, capacity), memory);
        Assert.All(scores.flatten().data<float>().ToArray(), s => Assert.True(s == 0 || Math.Abs(s - 1.0f / Length) < 1e-6));
        return Enumerable.Range(0, (int)scores.shape[0]).Select(list =>
            Enumerable.Range(0, Length - 1).Where(t => scores[list, t].item<float>() == 0).ToArray()).ToArray();
    });

    [Fact]
    public void The_nearest_to_the_last_screenshot_s_first_tokens_score_nothing() =>
        // (1 − 3/9) of four tokens are 2.67.
        Assert.Equal([[1, 4], [1, 4]], Zeros(s_options, 3));

    [Theory]
    [InlineData(9, new int[0])]
    [InlineData(7, new int[0])]
    [InlineData(6, new[] { 1 })]
    [InlineData(4, new[] { 1, 4 })]
    [InlineData(2, new[] { 1, 2, 4 })]
    public void How_many_of_them_is_the_share_that_is_dropped(int capacity, int[] zeros) => Assert.Equal(zeros, Zeros(s_options, capacity)[0]);

    [Fact]
    public void Two_directions_span_more() => Assert.Equal([[1, 2], [3, 4]], Zeros(s_options with { Rank = 2 }, 3));

    [Fact]
    public void There_are_no_more_directions_than_tokens() => Assert.Equal([[1, 2], [3, 4]], Zeros(s_options with { Rank = 32 }, 3));

    [Fact]
    public void The_principal_subspace_is_that_with_the_most_energy()
    {
        Assert.Equal([[2, 3], [2, 3]], Zeros(s_options with { Basis = RedundancyBasis.PrincipalSubspace }, 3));
        Assert.Equal([[1, 2], [3, 4]], Zeros(s_options with { Basis = RedundancyBasis.PrincipalSubspace, Rank = 2 }, 3));
    }

    [Theory]
    [InlineData(Granularity.KvHead)]
    [InlineData(Granularity.QueryHead)]
    public void The_last_screenshot_is_boosted(Granularity granularity) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        // The last screenshot's vectors are 1 and 3 long: z is ∓√½.
        var norms = tensor(new float[] { 9, 9, 9, 9, 9, 9, 1, 3, 9 }).unsqueeze(1);
        var layer = ExactLayer.Of(s_prompt, shared, [[.. Enumerable.Repeat(1f, Length)]], 0) with { Norms = new TokenNorms(norms, norms) };
        var options = s_options with { Alpha = 2, SaliencyTemperature = 0.5, Attention = s_options.Attention with { Granularity = granularity } };
        var (even, share) = (1.0 / Length, 1 / (1 + Math.Exp(2 * Math.Sqrt(2))));
        // All keys are equal, so nothing is dropped when everything is kept.
        ExactLayer.Holds(new GuiKv(options).Score(layer.Observe(1, Length), memory), [even, even, even, even, even, even, even + 2 * share, even + 2 * (1 - share)]);
    });

    [Fact]
    public void Query_heads_follow_their_group() =>
        Assert.Equal([[1, 2], [1, 2], [3, 4], [3, 4]], Zeros(s_options with { Rank = 2, Attention = s_options.Attention with { Granularity = Granularity.QueryHead } }, 3));

    [Fact]
    public void One_screenshot_says_nothing_twice() => Assert.Equal([[], []], Zeros(s_options, 3, TestPrompts.Of(2, (1, 5))));

    [Fact]
    public void Prompts_of_text_alone_are_scored_too() => Assert.Equal([[], []], Zeros(s_options, 3, TestPrompts.Of(Length)));
}
