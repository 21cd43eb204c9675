using CsCheck;
using StarKV.Decode;
using static TorchSharp.torch;

namespace StarKV.Tests.Decode;

public sealed class SamplerTests
{
    private static readonly float[] s_logits = [0.5f, 2, 1, -1, 2.5f, 0];

    /// <summary>Draws with the same logits again and again.</summary>
    private static int[] Draw(GenerationOptions options, int count, float[] logits, double penalty = 1, params int[] prompt) => TorchThread.Run(() =>
    {
        using var sampler = new Sampler(options, penalty, prompt, logits.Length, CPU);
        var scores = tensor(logits).unsqueeze(0);
        return Enumerable.Range(0, count).Select(_ => sampler.Next(scores)).ToArray();
    });

    private static int Greedy(float[] logits, double penalty = 1, params int[] prompt) => Draw(new GenerationOptions(), 1, logits, penalty, prompt)[0];

    [Fact]
    public void Greedy_takes_the_likeliest() => Assert.Equal(4, Greedy(s_logits));

    [Fact]
    public void Of_equal_logits_the_lowest_id_wins() => Gen.Int[0, 1].Array[2, 300].Sample(bits =>
        Assert.Equal(Math.Max(0, Array.IndexOf(bits, 1)), Greedy([.. bits.Select(b => (float)b)])), iter: 100, threads: 1);

    [Fact]
    public void The_penalty_divides_positive_and_multiplies_negative_logits_of_what_was_seen()
    {
        Assert.Equal(1, Greedy([1.9f, 2, 1], 1.05));
        Assert.Equal(0, Greedy([1.95f, 2, 1], 1.05, prompt: 1)); // 2 / 1.05 is 1.905
        Assert.Equal(1, Greedy([-1, -0.6f, -9], 1.5)); // nothing was seen
        Assert.Equal(1, Greedy([-1, -0.6f, -9], 1.5, prompt: 1)); // −0.9
        Assert.Equal(0, Greedy([-1, -0.6f, -9], 2, prompt: 1)); // −1.2
        Assert.Equal(1, Greedy([1, 0.6f, -9], 0.5, prompt: 1)); // below 1 it favours what was seen
    }

    [Fact]
    public void What_was_chosen_counts_as_seen() =>
        Assert.Equal([1, 0, 2, 1], Draw(new GenerationOptions(), 4, [1.9f, 2, 1.5f, -5], 1.5)); // 1.33, 1.27 and 1 once seen

    [Fact]
    public void The_seed_decides_the_draws()
    {
        var options = new GenerationOptions { Temperature = 1, Seed = 7 };
        var first = Draw(options, 100, s_logits);
        Assert.Equal(first, Draw(options, 100, s_logits));
        Assert.NotEqual(first, Draw(options with { Seed = 8 }, 100, s_logits));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Draws_follow_the_softmax(double temperature)
    {
        const int draws = 20_000;
        var weights = s_logits.Select(l => Math.Exp(l / temperature)).ToArray();
        var drawn = Draw(new GenerationOptions { Temperature = temperature, Seed = 1 }, draws, s_logits).CountBy(t => t).ToDictionary();
        for (var id = 0; id < s_logits.Length; id++)
        {
            // Five standard deviations of the share.
            var p = weights[id] / weights.Sum();
            Assert.Equal(p, drawn.GetValueOrDefault(id) / (double)draws, 5 * Math.Sqrt(p * (1 - p) / draws) + 1e-4);
        }
    }

    [Fact]
    public void Top_k_draws_among_the_likeliest() =>
        Assert.Equal([1, 4], Draw(new GenerationOptions { Temperature = 5, TopK = 2 }, 500, s_logits).Distinct().Order());

    [Fact]
    public void Top_k_of_one_is_greedy() => Assert.All(Draw(new GenerationOptions { Temperature = 10, TopK = 1 }, 50, s_logits), t => Assert.Equal(4, t));

    [Fact]
    public void Top_p_draws_among_the_fewest_that_reach_it()
    {
        float[] halves = [0, MathF.Log(4), MathF.Log(2), MathF.Log(1)]; // shares 1/8, 4/8, 2/8, 1/8
        Assert.Equal([1], Draw(new GenerationOptions { Temperature = 1, TopP = 0.4 }, 300, halves).Distinct());
        Assert.Equal([1, 2], Draw(new GenerationOptions { Temperature = 1, TopP = 0.6 }, 300, halves).Distinct().Order());
        Assert.Equal([0, 1, 2], Draw(new GenerationOptions { Temperature = 1, TopP = 0.8 }, 300, halves).Distinct().Order());
        Assert.Equal([0, 1, 2, 3], Draw(new GenerationOptions { Temperature = 1, TopP = 1 }, 300, halves).Distinct().Order());
    }

    [Fact]
    public void Top_p_that_is_reached_exactly_takes_no_token_more()
    {
        // Four equal shares: two of them are one half, to the bit.
        Assert.Equal([0, 1], Draw(new GenerationOptions { Temperature = 1, TopP = 0.5 }, 300, [0, 0, 0, 0]).Distinct().Order());
        Assert.Equal([0], Draw(new GenerationOptions { Temperature = 1, TopP = 0.25 }, 300, [0, 0, 0, 0]).Distinct());
    }

    [Fact]
    public void Top_p_counts_within_top_k()
    {
        float[] halves = [0, MathF.Log(4), MathF.Log(2), MathF.Log(1)];
        // Of the best two, the first alone has 4/6.
        Assert.Equal([1], Draw(new GenerationOptions { Temperature = 1, TopK = 2, TopP = 0.6 }, 300, halves).Distinct());
    }

    [Fact]
    public void Sampling_leaves_no_tensor() => TorchThread.Run(() =>
    {
        var scores = tensor(s_logits).unsqueeze(0);
        var before = TorchThread.Live;
        using (var sampler = new Sampler(new GenerationOptions(), 1.1, [1], 6, CPU))
        {
            for (var i = 0; i < 5; i++)
                sampler.Next(scores);
            Assert.Equal(before + 1, TorchThread.Live);
        }

        Assert.Equal(before, TorchThread.Live);
        Assert.Equal(s_logits, scores.data<float>().ToArray());
    });
}
