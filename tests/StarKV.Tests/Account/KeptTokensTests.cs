using StarKV.Account;
using StarKV.Cache;
using StarKV.Input;
using StarKV.Reports.Inspect;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Account;

/// <summary>What is counted of a cache, on caches small enough to count by hand.</summary>
public sealed class KeptTokensTests
{
    // 2 text, a frame of 2×3 at 2–7, 2 text at 8–9, a frame of 2×2 at 10–13, 2 text at 14–15
    private static readonly TokenMap s_prompt = TestPrompts.Of(2, (2, 3), (2, 2));

    /// <summary>A cache of layers with these tokens; one list a layer, or one a head.</summary>
    private static KeptTokens Kept(params long[][,] layers) => TorchThread.Run(() =>
    {
        using var cache = new KvCache(s_prompt, MRopePositions.Compute(s_prompt));
        var keys = zeros(2, s_prompt.Length, 4);
        foreach (var tokens in layers)
            cache.Add(new KvLayer(keys, keys, tensor(tokens), 0));
        return KeptTokens.Of(cache);
    });

    [Fact]
    public void Tokens_are_counted_by_class_frame_and_layer()
    {
        var kept = Kept(new long[,] { { 0, 2, 3, 10, 15 } }, new long[,] { { 0, 2, 11, 14, 15 }, { 1, 8, 10, 11, 15 } });
        Assert.Equal((1, 2), (kept.Lists(0), kept.Lists(1)));
        // The first token of every stretch of text is of class System: 0, 8 and 14.
        Assert.Equal((1, 1, 3), (kept.Count(0, TokenClass.System), kept.Count(0, TokenClass.User), kept.Count(0, TokenClass.Vision)));
        Assert.Equal((1.5, 1.5, 2), (kept.Count(1, TokenClass.System), kept.Count(1, TokenClass.User), kept.Count(1, TokenClass.Vision)));
        Assert.Equal([2, 0.5], new[] { 0, 1 }.Select(layer => kept.Count(layer, s_prompt.Frames[0])));
        Assert.Equal([1, 1.5], new[] { 0, 1 }.Select(layer => kept.Count(layer, s_prompt.Frames[1])));
        Assert.Equal(0.5f, kept.Share(1, 2));
        Assert.Equal(0.75f, kept.Share(2));
    }

    [Fact]
    public void Answer_rows_are_not_the_prompt_s() => TorchThread.Run(() =>
    {
        using var cache = new KvCache(s_prompt, MRopePositions.Compute(s_prompt));
        cache.Add(new KvLayer(zeros(2, s_prompt.Length, 4), zeros(2, s_prompt.Length, 4), tensor(new long[,] { { 0, 15 } }), 2));
        cache.Layers[0].ReserveRow();
        Assert.Equal(2, KeptTokens.Of(cache).Count(0, Enumerable.Range(0, s_prompt.Length)));
    });

    [Fact]
    public void Survival_is_the_share_of_the_target_s_cells_in_each_layer()
    {
        var kept = Kept(new long[,] { { 0, 10, 11, 15 } }, new long[,] { { 0, 1, 10, 15 }, { 0, 1, 12, 15 } }, new long[,] { { 0, 1, 13, 15 } });
        // The upper half of a screen of 2×2 cells: tokens 10 and 11.
        var cells = TargetSurvival.Cells(s_prompt, Screen(100, 80), new PixelBox(10, 5, 60, 40));
        Assert.Equal([10, 11], cells);
        var survival = TargetSurvival.Of(kept, cells);
        Assert.Equal([1, 0.25, 0], survival.Layers);
        Assert.Equal((1.25 / 3, 0), (survival.Mean, survival.Least));
    }

    [Theory]
    [InlineData(50, 0, 101, 10)]
    [InlineData(-1, 0, 5, 5)]
    [InlineData(10, 10, 10, 20)]
    [InlineData(double.NaN, 0, 5, 5)]
    public void A_box_that_is_not_on_the_screen_is_refused(double left, double top, double right, double bottom)
    {
        var error = Assert.Throws<StarKvException>(() => TargetSurvival.Cells(s_prompt, Screen(100, 80), new PixelBox(left, top, right, bottom)));
        Assert.Contains("100×80 px", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_is_taken_head_by_head()
    {
        // The first has one list for both heads, the second one for each.
        var (first, second) = (Kept(new long[,] { { 0, 2, 15 } }), Kept(new long[,] { { 0, 3, 15 }, { 2, 4, 15 } }));
        var difference = CacheDifference.Between(first, second);
        Assert.Equal([(0, 0.5f), (2, 0.5f)], Held(difference.OnlyFirst));
        Assert.Equal([(3, 0.5f), (4, 0.5f)], Held(difference.OnlySecond));
        Assert.Equal([(0, 0.5f), (2, 0.5f), (15, 1f)], Held(difference.Both));
        Assert.Equal(2.0 / 4, difference.Overlap, 1e-6);
    }

    [Fact]
    public void A_difference_of_layers_is_not_that_of_their_means()
    {
        var (first, second) = (Kept(new long[,] { { 5 } }, new long[,] { { 6 } }), Kept(new long[,] { { 6 } }, new long[,] { { 6 } }));
        var difference = CacheDifference.Between(first, second);
        Assert.Equal([(5, 0.5f)], Held(difference.OnlyFirst));
        Assert.Equal([(6, 0.5f)], Held(difference.OnlySecond));
        Assert.Equal([(6, 0.5f)], Held(difference.Both));
        Assert.Equal([(6, 1f)], Held(CacheDifference.OfLayer(first, second, 1).Both));
    }

    private static IEnumerable<(int, float)> Held(IReadOnlyList<float> shares) => shares.Select((s, i) => (i, s)).Where(p => p.s > 0);

    private static Screenshot Screen(int width, int height) => Screenshot.FromRgb(new byte[width * height * 3], width, height, "screen");
}
