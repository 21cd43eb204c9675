using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The discount D of older screenshots by the stability of the attention to the last one (STaR-KV, arXiv 2606.01790), by hand.</summary>
/// <remarks>
/// Text at 0, a screenshot of one cell at 1, text at 2, one of a cell at 3, text at 4, one of two cells at 5 and 6, text at 7. The first group's
/// pattern goes from (0.8, 0.2) to (0.2, 0.8), the second's stays at (0.5, 0.5).
/// </remarks>
public sealed class TemporalDiscountTests
{
    private static readonly TokenMap s_prompt = TestPrompts.Of(1, (1, 1), (1, 1), (1, 2));

    private static readonly double[] s_age = [0, 2, 0, 1, 0, 0, 0];

    // The first group leads on the oldest screenshot, the second on the one behind it.
    private static readonly long[] s_leader = [0, 0, 1, 1, 0, 1, 0];

    private static (Tensor Discount, Tensor? Stability)[] Read(StarKvOptions options, TokenMap prompt, params (float[] First, float[] Second)[] prefills)
    {
        using var state = new StarKvState();
        using var shared = new PromptTensors(CPU);
        return [.. prefills.Select(patterns =>
        {
            var layer = ExactLayer.Of(prompt, shared, [[.. Enumerable.Repeat(1f, prompt.Length)], [.. Enumerable.Repeat(1f, prompt.Length)]], 1, 1);
            var groups = ones(2, prompt.Length - 1);
            if (prompt.LastFrame is { } frame)
                groups.narrow(1, frame.Start, patterns.First.Length).copy_(stack([tensor(patterns.First), tensor(patterns.Second)]));
            state.Prefills++;
            return new TemporalDiscount(options).Of(layer.Observe(1, 4), groups, tensor(s_leader).narrow(0, 0, prompt.Length - 1), state);
        })];
    }

    /// <summary>Attention of 4 to 1, then of 1 to 4, in the first group; of 1 to 1 in the second.</summary>
    private static readonly (float[], float[])[] s_turning = [([4, 1], [3, 3]), ([1, 4], [2, 2])];

    /// <summary>cos of the pattern (0.2, 0.8) and what is remembered, ρ·(0.8, 0.2) + (1 − ρ)·(0.2, 0.8).</summary>
    private static double Turned(double decay)
    {
        var (x, y) = (0.8 * decay + 0.2 * (1 - decay), 0.2 * decay + 0.8 * (1 - decay));
        return (0.2 * x + 0.8 * y) / Math.Sqrt((0.04 + 0.64) * (x * x + y * y));
    }

    [Fact]
    public void At_first_everything_is_stable_and_age_counts_in_full() => TorchThread.Run(() =>
    {
        var (discount, stability) = Read(StarKvOptions.Session, s_prompt, s_turning)[0];
        ExactLayer.Holds(stability!.unsqueeze(0), [1, 1]);
        ExactLayer.Holds(discount.unsqueeze(0), [.. s_age.Select(age => Math.Exp(-0.1 * age))]);
    });

    [Fact]
    public void A_pattern_that_turns_is_less_stable_and_its_tokens_age_less() => TorchThread.Run(() =>
    {
        var (discount, stability) = Read(StarKvOptions.Session, s_prompt, s_turning)[1];
        ExactLayer.Holds(stability!.unsqueeze(0), [Turned(0.9), 1]);
        ExactLayer.Holds(discount.unsqueeze(0), [1, Math.Exp(-0.1 * 2 * Turned(0.9)), 1, Math.Exp(-0.1), 1, 1, 1]);
    });

    [Fact]
    public void Rates_floors_and_decay_are_options() => TorchThread.Run(() =>
    {
        var options = StarKvOptions.Session with { TemporalDelta = 0.7, PatternDecay = 0.6, StabilityFloor = 0.25, DiscountFloor = 0.2 };
        var (discount, stability) = Read(options, s_prompt, s_turning)[1];
        ExactLayer.Holds(stability!.unsqueeze(0), [Turned(0.6), 1]);
        double D(double age, double stability) => 0.2 + 0.8 * Math.Exp(-0.7 * age * (0.25 + 0.75 * stability));
        ExactLayer.Holds(discount.unsqueeze(0), [1, D(2, Turned(0.6)), 1, D(1, 1), 1, 1, 1]);
    });

    [Fact]
    public void What_is_remembered_moves_on_from_prefill_to_prefill() => TorchThread.Run(() =>
    {
        // The memory is (0.8, 0.2), then 0.9 of it and 0.1 of (0.2, 0.8): (0.74, 0.26), then (0.686, 0.314).
        var stability = Read(StarKvOptions.Session, s_prompt, [.. s_turning, ([1, 4], [1, 1])])[2].Stability!;
        ExactLayer.Holds(stability.unsqueeze(0), [(0.2 * 0.686 + 0.8 * 0.314) / Math.Sqrt(0.68 * (0.686 * 0.686 + 0.314 * 0.314)), 1]);
    });

    [Fact]
    public void Before_its_warm_up_nothing_is_discounted_but_the_pattern_is_learned() => TorchThread.Run(() =>
    {
        var steps = Read(StarKvOptions.Session with { TemporalWarmup = 1 }, s_prompt, s_turning);
        ExactLayer.Holds(steps[0].Discount.unsqueeze(0), [1, 1, 1, 1, 1, 1, 1]);
        ExactLayer.Holds(steps[0].Stability!.unsqueeze(0), [1, 1]);
        ExactLayer.Holds(steps[1].Discount.unsqueeze(0), [1, Math.Exp(-0.2 * Turned(0.9)), 1, Math.Exp(-0.1), 1, 1, 1]);
    });

    [Fact]
    public void No_attention_at_all_is_a_pattern_of_no_stability() => TorchThread.Run(() =>
        ExactLayer.Holds(Read(StarKvOptions.Session, s_prompt, ([0, 0], [1, 1]))[0].Stability!.unsqueeze(0), [0, 1]));

    [Fact]
    public void A_screenshot_of_another_size_starts_the_pattern_anew() => TorchThread.Run(() =>
    {
        using var state = new StarKvState();
        using var shared = new PromptTensors(CPU);
        Tensor? Stability(TokenMap prompt, params float[] pattern)
        {
            using var own = new PromptTensors(CPU);
            var layer = ExactLayer.Of(prompt, own, [[.. Enumerable.Repeat(1f, prompt.Length)]], 1);
            var groups = ones(1, prompt.Length - 1);
            groups.narrow(1, prompt.LastFrame!.Value.Start, pattern.Length).copy_(tensor(pattern));
            return new TemporalDiscount(StarKvOptions.Session).Of(layer.Observe(1, 4), groups, zeros(prompt.Length - 1, ScalarType.Int64), state).Stability;
        }

        ExactLayer.Holds(Stability(TestPrompts.Of(1, (1, 1), (1, 2)), 1, 4)!.unsqueeze(0), [1]);
        ExactLayer.Holds(Stability(TestPrompts.Of(1, (1, 1), (1, 3)), 4, 1, 2)!.unsqueeze(0), [1]);
        Assert.True(Stability(TestPrompts.Of(1, (1, 1), (1, 3)), 1, 4, 1)!.item<float>() < 0.9);
    });

    [Fact]
    public void One_screenshot_is_not_discounted() => TorchThread.Run(() =>
    {
        foreach (var (options, prompt) in new[] { (StarKvOptions.Session, TestPrompts.Of(1, (1, 2))), (StarKvOptions.Session, TestPrompts.Of(5)), (StarKvOptions.Session with { Temporal = false }, s_prompt) })
        {
            var (discount, stability) = Read(options, prompt, s_turning)[1];
            Assert.Null(stability);
            ExactLayer.Holds(discount.unsqueeze(0), [.. Enumerable.Repeat(1.0, prompt.Length - 1)]);
        }
    });
}
