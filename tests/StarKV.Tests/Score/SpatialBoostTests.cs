using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The boost α·softmax(z / τ), z the standardised lengths (GUI-KV, arXiv 2510.00536, section 3.2), by hand.</summary>
public sealed class SpatialBoostTests
{
    /// <summary>What the boost adds to two heads' attention of 1 each; the last screenshot's tokens have these vectors.</summary>
    private static void Adds(SpatialBoost boost, double[] wanted, TokenMap prompt, float[] lengths, int window = 1) => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var layer = ExactLayer.Of(prompt, shared, [[.. Enumerable.Repeat(1f, prompt.Length)]], 1, 1);
        // Two channels of which one is 0: the length is the other's; the residual stream is twice as long in reverse.
        var inputs = stack([zeros(prompt.Length), tensor(lengths)], 1);
        layer = layer with { Norms = new TokenNorms(inputs, inputs.flip(0).pow(2)) };
        var attention = ones(2, prompt.Length - window);
        boost.AddTo(attention, layer.Observe(window, 4));
        ExactLayer.Holds(attention - 1, wanted, wanted);
    });

    // Text, a screenshot of three cells and text again; the cells' vectors are 1, 2 and 3 long: mean 2, unbiased deviation 1, z −1, 0 and 1.
    private static readonly TokenMap s_three = TestPrompts.Of(1, (1, 3));

    private static readonly float[] s_lengths = [7, 1, -2, 3, 9];

    private static double[] Softmax(params double[] x) => [.. x.Select(v => Math.Exp(v) / x.Sum(Math.Exp))];

    [Fact]
    public void The_boost_is_the_strength_times_the_softmax_of_the_standardised_lengths() =>
        Adds(new SpatialBoost(2, 1, NormSource.Input), [0, .. Softmax(-1, 0, 1).Select(p => 2 * p)], s_three, s_lengths);

    [Fact]
    public void The_temperature_flattens_it() =>
        Adds(new SpatialBoost(0.5, 4, NormSource.Input), [0, .. Softmax(-0.25, 0, 0.25).Select(p => 0.5 * p)], s_three, s_lengths);

    [Fact]
    public void The_residual_stream_is_read_where_it_is_asked_for() =>
        // In reverse the three vectors are 9, 4 and 1 long: mean 14/3, squares of the differences 169/9, 4/9 and 121/9, their sum halved 49/3.
        Adds(new SpatialBoost(1, 1, NormSource.Residual), [0, .. Softmax([.. new[] { 13.0, -2, -11 }.Select(d => d / 3 / Math.Sqrt(49 / 3.0))])], s_three, s_lengths);

    [Fact]
    public void Only_the_last_screenshot_is_lifted() =>
        Adds(new SpatialBoost(1, 1, NormSource.Input), [0, 0, 0, 0, .. Softmax(-Math.Sqrt(0.5), Math.Sqrt(0.5))], TestPrompts.Of(1, (1, 2), (1, 2)), [9, 5, 8, 9, 1, 3, 9]);

    [Fact]
    public void One_token_gets_all_of_it() => Adds(new SpatialBoost(2, 1, NormSource.Input), [0, 2], TestPrompts.Of(1, (1, 1)), [4, 4, 4]);

    [Fact]
    public void Equal_lengths_share_it() => Adds(new SpatialBoost(3, 1, NormSource.Input), [0, 1, 1, 1], s_three, [1, 5, 5, 5, 1]);

    [Fact]
    public void Tokens_in_the_window_have_no_part_in_it() =>
        Adds(new SpatialBoost(1, 1, NormSource.Input), [0, .. Softmax(-Math.Sqrt(0.5), Math.Sqrt(0.5))], s_three, s_lengths, window: 2);

    [Fact]
    public void There_is_none_without_strength_or_screenshot()
    {
        Adds(new SpatialBoost(0, 1, NormSource.Input), [0, 0, 0, 0], s_three, s_lengths);
        Adds(new SpatialBoost(2, 1, NormSource.Input), [0, 0, 0], TestPrompts.Of(4), [1, 2, 3, 4]);
        Adds(new SpatialBoost(2, 1, NormSource.Input), [0], s_three, s_lengths, window: 4);
    }
}
