using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The mutual information of attention rank and screen cell, and the weights that follow from it (STaR-KV, arXiv 2606.01790), by hand.</summary>
/// <remarks>
/// A screenshot of one row of 24 columns: two columns share a cell, and the ranks 0, 1 | 2 | 3, 4 | 5 and so on share one of the 16 bins.
/// Attention that rises from left to right puts both tokens of two cells of six columns into one bin, and those of the others into two:
/// (16 ln 12 + 8 ln 6) / 24 = ln 6 + ⅔ ln 2. Attention that rises over the even columns and then over the odd ones puts the tokens of every cell
/// into two bins: (16 ln 6 + 8 ln 12) / 24 = ln 6 + ⅓ ln 2. One of each kind on either half of the screen lies in the middle.
/// </remarks>
public sealed class SubspacePriorTests
{
    private const int Columns = 24;

    private static readonly TokenMap s_prompt = TestPrompts.Of(2, (1, Columns));

    private static readonly double s_rising = Math.Log(6) + 2 * Math.Log(2) / 3, s_woven = Math.Log(6) + Math.Log(2) / 3;

    private static readonly float[] s_up = [.. Enumerable.Range(0, Columns).Select(i => i + 1f)];

    private static readonly float[] s_evenFirst = [.. Enumerable.Range(0, Columns).Select(i => 1f + i / 2 + i % 2 * Columns / 2)];

    private static readonly float[] s_half = [.. s_up[..12], .. Enumerable.Range(0, 12).Select(i => 13f + i / 2 + i % 2 * 6)];

    /// <summary>Information and weights of one prefill after another, with these rows as the groups' attention to the screenshot.</summary>
    private static (Tensor? Now, Tensor Weights)[] Read(StarKvOptions options, TokenMap prompt, params float[][][] prefills)
    {
        using var state = new StarKvState();
        using var shared = new PromptTensors(CPU);
        var prior = new SubspacePrior(options);
        var start = prompt.LastFrame?.Start ?? 0;
        return [.. prefills.Select(groups =>
        {
            var layer = ExactLayer.Of(prompt, shared, [.. groups.Select(_ => Enumerable.Repeat(1f, prompt.Length).ToArray())], [.. groups.Select(_ => 1f)]);
            var attention = zeros(groups.Length, prompt.Length - 1);
            attention.narrow(1, start, groups[0].Length).copy_(stack(groups.Select(g => tensor(g))));
            var o = layer.Observe(1, 4);
            return (prior.Information(o, attention, state), prior.GroupWeights(o, state));
        })];
    }

    private static double[] Softmax(params double[] x) => [.. x.Select(v => Math.Exp(v) / x.Sum(Math.Exp))];

    [Fact]
    public void Information_is_that_of_rank_and_cell_and_the_weights_are_the_softmax_of_its_place_between_least_and_most() => TorchThread.Run(() =>
    {
        var (now, weights) = Read(StarKvOptions.Session, s_prompt, [s_up, s_evenFirst, s_half])[0];
        ExactLayer.Holds(now!.unsqueeze(0), [s_rising, s_woven, (s_rising + s_woven) / 2]);
        ExactLayer.Holds(weights.unsqueeze(0), Softmax(1, 0, 0.5));
    });

    [Fact]
    public void The_temperature_flattens_the_weights() => TorchThread.Run(() =>
        ExactLayer.Holds(Read(StarKvOptions.Session with { PriorTemperature = 2 }, s_prompt, [s_up, s_evenFirst, s_half])[0].Weights.unsqueeze(0), Softmax(0.5, 0, 0.25)));

    [Fact]
    public void Groups_that_know_equally_much_weigh_equally() => TorchThread.Run(() =>
        // Falling attention is the mirror image of rising attention.
        ExactLayer.Holds(Read(StarKvOptions.Session, s_prompt, [s_up, [.. s_up.Reverse()]])[0].Weights.unsqueeze(0), [0.5, 0.5]));

    [Fact]
    public void What_was_known_before_counts_nine_tenths() => TorchThread.Run(() =>
    {
        // Group 0 falls from most to nine tenths of the way, group 1 rises from least to one tenth, group 2 stays in the middle: minmax gives 1, 0 and ½ still.
        var steps = Read(StarKvOptions.Session, s_prompt, [s_up, s_evenFirst, s_half], [s_evenFirst, s_up, s_evenFirst]);
        ExactLayer.Holds(steps[1].Now!.unsqueeze(0), [s_woven, s_rising, s_woven]);
        // In units of the difference above the least ever: 0.9, 0.1 and 0.45.
        ExactLayer.Holds(steps[1].Weights.unsqueeze(0), Softmax(1, 0, 0.35 / 0.8));
        var quick = Read(StarKvOptions.Session with { PriorDecay = 0.25 }, s_prompt, [s_up, s_evenFirst, s_half], [s_evenFirst, s_up, s_evenFirst]);
        // 0.25, 0.75 and 0.125.
        ExactLayer.Holds(quick[1].Weights.unsqueeze(0), Softmax(0.125 / 0.625, 1, 0));
    });

    [Fact]
    public void Attention_below_none_counts_as_none_and_ties_go_by_position() => TorchThread.Run(() =>
    {
        // Clamped, the first half is tied, in the order of the screen: attention that rises.
        float[] below = [.. Enumerable.Range(0, 12).Select(i => -1f - i), .. s_up[12..]];
        ExactLayer.Holds(Read(StarKvOptions.Session, s_prompt, [below, new float[Columns]])[0].Now!.unsqueeze(0), [s_rising, s_rising]);
    });

    [Fact]
    public void Few_tokens_each_have_a_cell_and_a_bin_of_their_own() => TorchThread.Run(() =>
        ExactLayer.Holds(Read(StarKvOptions.Session, TestPrompts.Of(1, (2, 2)), [[4, 1, 3, 2], [1, 2, 3, 4]])[0].Now!.unsqueeze(0), [Math.Log(4), Math.Log(4)]));

    [Fact]
    public void Without_a_screenshot_or_a_prior_nothing_is_learned_and_all_groups_weigh_equally() => TorchThread.Run(() =>
    {
        foreach (var (options, prompt) in new[] { (StarKvOptions.Session, TestPrompts.Of(9)), (StarKvOptions.Session with { PriorWarmup = 0 }, s_prompt) })
        {
            var (now, weights) = Read(options, prompt, [[1, 2, 3], [3, 2, 1], [2, 2, 2], [1, 1, 1]])[0];
            Assert.Null(now);
            ExactLayer.Holds(weights.unsqueeze(0), [0.25, 0.25, 0.25, 0.25]);
        }
    });

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 0.05)]
    [InlineData(14, 0.45)]
    [InlineData(15, 0.5)]
    [InlineData(16, 0.5)]
    public void The_prior_grows_from_its_warm_up_on(int prefill, double lambda) => Assert.Equal(lambda, new SubspacePrior(StarKvOptions.Session).Lambda(prefill), 1e-12);

    [Fact]
    public void Without_a_warm_up_the_strength_is_whole_at_once_and_there_is_nothing_to_weigh() =>
        Assert.Equal(0.5, new SubspacePrior(StarKvOptions.Session with { PriorWarmup = 0 }).Lambda(1));

    [Fact]
    public void Cells_lie_at_the_tokens_centres()
    {
        // Three rows: centres at 1/6, 3/6 and 5/6 of twelve bins; five columns: at 1/10, 3/10 and so on.
        Assert.Equal([.. from row in new long[] { 2, 6, 10 } from column in new long[] { 1, 3, 6, 8, 10 } select row * 12 + column], Cells(ScreenGrid.True, 3, 5));
        // One row: the middle. Twenty-four columns: two a bin, the last one in the last bin.
        Assert.Equal(Enumerable.Range(0, 24).Select(i => 6 * 12L + i / 2), Cells(ScreenGrid.True, 1, 24));
    }

    [Fact]
    public void The_square_grid_has_the_root_of_the_count_as_rows_whatever_the_screen()
    {
        // 14 tokens: round(3.74) = 4 rows of ⌈14 / 4⌉ = 4 columns; centres at 1/8, 3/8, 5/8 and 7/8.
        long[] bins = [1, 4, 7, 10];
        Assert.Equal(Enumerable.Range(0, 14).Select(i => bins[i / 4] * 12 + bins[i % 4]), Cells(ScreenGrid.Square, 2, 7));
        // 2 tokens: round(1.41) = 1 row of 2; 1 token: 1 row of 1.
        Assert.Equal([6 * 12 + 3, 6 * 12 + 9], Cells(ScreenGrid.Square, 2, 1));
        Assert.Equal([6 * 12 + 6], Cells(ScreenGrid.Square, 1, 1));
        // 3 tokens: round(1.73) = 2 rows of 2.
        Assert.Equal([3 * 12 + 3, 3 * 12 + 9, 9 * 12 + 3], Cells(ScreenGrid.Square, 1, 3));
    }

    private static long[] Cells(ScreenGrid grid, int rows, int columns) => TorchThread.Run(() =>
    {
        var prompt = TestPrompts.Of(1, (2, 2), (rows, columns));
        using var shared = new PromptTensors(CPU);
        var o = ExactLayer.Of(prompt, shared, [[.. Enumerable.Repeat(1f, prompt.Length)]], 1).Observe(1, 4);
        return new SubspacePrior(StarKvOptions.Session with { Grid = grid }).Cells(o, o.LastFrameInPast!.Value).data<long>().ToArray();
    });
}
