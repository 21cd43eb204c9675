using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The whole score of STaR-KV in one layer, by the equations of docs/methods.md#star-kv in plain numbers.</summary>
/// <remarks>
/// Text at 0 and 1, a screenshot of two cells at 2 and 3, text, one of three cells at 6 to 8, text at 9 and 10, which is the window. Two groups of two heads: in
/// each the first attends in proportion to the keys' weights, the second to all alike. The layer has seen fourteen prefills before.
/// </remarks>
public sealed class StarKvScoreTests
{
    private const int Past = 9, Window = 2, Start = 6, Count = 3;

    private static readonly TokenMap s_prompt = TestPrompts.Of(2, (1, 2), (1, 3));

    private static readonly float[][] s_weights = [[1, 3, 2, 5, 1, 1, 4, 2, 3, 1, 2], [2, 1, 6, 1, 2, 3, 1, 1, 5, 4, 1]];

    private static readonly float[] s_lengths = [1, 1, 1, 1, 1, 1, 2, 5, 3, 1, 1];

    private static readonly StarKvOptions s_options = new() { Window = Window, Kernel = 1, Alpha = 0.4, SaliencyTemperature = 1.5, TemperatureSmoothing = 0.25, MinTemperature = 0.5, MaxTemperature = 2 };

    // What the layer remembers: information 1 and 2, patterns, a temperature of 1.1.
    private static readonly double[][] s_pattern = [[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]];

    private static double[] Softmax(params double[] x) => [.. x.Select(v => Math.Exp(v) / x.Sum(Math.Exp))];

    private static double Mean(IEnumerable<double[]> rows, int t) => rows.Average(r => r[t]);

    /// <summary>Boosted attention of the four heads to the past.</summary>
    private static double[][] Attention()
    {
        // Lengths 2, 5 and 3: mean 10/3, unbiased deviation √(7/3).
        var boost = Softmax([.. new[] { 2.0, 5, 3 }.Select(v => (v - 10 / 3.0) / Math.Sqrt(7 / 3.0) / s_options.SaliencyTemperature)]);
        double[] Head(float[] weights, double exponent)
        {
            var w = weights.Select(x => Math.Pow(x, exponent)).ToArray();
            return [.. Enumerable.Range(0, Past).Select(t =>
                w[t] / w[..(Past + 1)].Sum() + w[t] / w.Sum() + (t is >= Start and < Start + Count ? s_options.Alpha * boost[t - Start] : 0))];
        }

        return [Head(s_weights[0], 1), Head(s_weights[0], 0), Head(s_weights[1], 1), Head(s_weights[1], 0)];
    }

    private static double[] Factors(double[][] attention, StarKvOptions options)
    {
        double[][] groups = [[.. Enumerable.Range(0, Past).Select(t => Mean(attention[..2], t))], [.. Enumerable.Range(0, Past).Select(t => Mean(attention[2..], t))]];
        // Three tokens tell both groups ln 3, so information stays 0.9 apart: the second has the most. At the fifteenth prefill λ is ½.
        var weights = Softmax(0, 1);
        var stability = groups.Zip(s_pattern, (group, known) =>
        {
            var now = group[Start..(Start + Count)].Select(x => x / group[Start..(Start + Count)].Sum()).ToArray();
            var kept = now.Zip(known, (n, k) => 0.9 * k + 0.1 * n).ToArray();
            return now.Zip(kept, (a, b) => a * b).Sum() / Math.Sqrt(now.Sum(a => a * a) * kept.Sum(b => b * b));
        }).ToArray();
        return [.. Enumerable.Range(0, Past).Select(t =>
        {
            var leader = groups[0][t] >= groups[1][t] ? 0 : 1;
            var age = s_prompt.FrameOf[t] == 0 ? 1 : 0;
            return (0.5 + 0.5 * 2 * weights[leader]) * (options.Temporal ? Math.Exp(-options.TemporalDelta * age * stability[leader]) : 1);
        })];
    }

    private static double Temperature(double[] attention)
    {
        var p = attention.Select(a => a / attention.Sum()).ToArray();
        return 0.25 * 1.1 + 0.75 * (0.5 + 1.5 * -p.Sum(x => x * Math.Log(x)) / Math.Log(Past));
    }

    private static double[] Means(double[][] attention) => [.. Enumerable.Range(0, Past).Select(t => Mean(attention, t))];

    private static void Scores(StarKvOptions options, double[] wanted, int temperatures = 1) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var state = memory.For<StarKvState>(0);
        state.Prefills = 14;
        state.Information = StarKvState.Keep(tensor(new[] { 1.0, 2.0 }));
        state.Pattern = StarKvState.Keep(stack(s_pattern.Select(p => tensor(p))).to(ScalarType.Float32));
        state.Temperature = StarKvState.Keep(full([temperatures, 1], 1.1f));
        var norms = tensor(s_lengths).unsqueeze(1);
        var layer = ExactLayer.Of(s_prompt, shared, s_weights, 1, 0, 1, 0) with { Norms = new TokenNorms(norms, norms) };
        ExactLayer.Holds(new StarKv(options).Score(layer.Observe(Window, 5), memory), wanted);
        Assert.Equal(15, state.Prefills);
    });

    [Fact]
    public void The_score_is_the_mean_attention_times_prior_times_discount_to_the_power_of_one_over_the_temperature()
    {
        var attention = Attention();
        var (mean, factors) = (Means(attention), Factors(attention, s_options));
        Scores(s_options, [.. mean.Zip(factors, (m, f) => Math.Pow(m * f, 1 / Temperature(mean)))]);
    }

    [Fact]
    public void Without_the_entropy_axis_nothing_is_tempered()
    {
        var attention = Attention();
        var options = s_options with { Entropy = false };
        Scores(options, [.. Means(attention).Zip(Factors(attention, options), (m, f) => m * f)]);
        // Nor by the heads' own entropy, where that is what the scope says.
        Scores(options with { AebScope = AebScope.Head }, [.. Means(attention).Zip(Factors(attention, options), (m, f) => m * f)]);
    }

    [Fact]
    public void Without_the_temporal_axis_nothing_is_discounted()
    {
        var attention = Attention();
        var options = s_options with { Temporal = false };
        var mean = Means(attention);
        Scores(options, [.. mean.Zip(Factors(attention, options), (m, f) => Math.Pow(m * f, 1 / Temperature(mean)))]);
    }

    [Fact]
    public void Each_head_may_be_tempered_by_its_own_entropy_before_the_mean()
    {
        var attention = Attention();
        var tempered = Means([.. attention.Select(head => head.Select(a => Math.Pow(a, 1 / Temperature(head))).ToArray())]);
        Scores(s_options with { AebScope = AebScope.Head }, [.. tempered.Zip(Factors(attention, s_options), (m, f) => m * f)], temperatures: 4);
    }

    [Fact]
    public void Without_smoothing_the_last_temperature_is_forgotten()
    {
        var attention = Attention();
        var (mean, factors) = (Means(attention), Factors(attention, s_options));
        var temperature = (Temperature(mean) - 0.25 * 1.1) / 0.75;
        Scores(s_options with { TemperatureSmoothing = 0 }, [.. mean.Zip(factors, (m, f) => Math.Pow(m * f, 1 / temperature))]);
    }

    [Fact]
    public void Layers_share_the_budget_by_entropy_only_where_scope_and_switch_say_so()
    {
        Assert.IsType<EntropyBudget>(new StarKv(s_options with { AebScope = AebScope.LayerBudget }).LayerBudget);
        Assert.IsType<UniformBudget>(new StarKv(s_options with { AebScope = AebScope.LayerBudget, Entropy = false }).LayerBudget);
        Assert.IsType<UniformBudget>(new StarKv(s_options).LayerBudget);
        Assert.Equal(("star-kv", 2), (new StarKv(s_options).Name, new StarKv(s_options).Window(s_prompt)));
    }
}
