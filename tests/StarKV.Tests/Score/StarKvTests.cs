using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

public sealed class StarKvTests
{
    private static readonly MethodScene s_three = new("three frames", 11, 2, 3);

    /// <summary>λ at each of the first prefills of a session.</summary>
    private static double[] Lambdas(StarKvOptions options, int prefills) => Steps(options, prefills, s => s.Lambda);

    private static T[] Steps<T>(StarKvOptions options, int prefills, Func<StarKvSteps, T> read, LayerMemory? memory = null) => TorchThread.Run(() =>
    {
        using var own = new LayerMemory();
        var method = new StarKv(options);
        return Enumerable.Range(0, prefills).Select(i =>
        {
            using var scope = NewDisposeScope();
            using var shared = new PromptTensors(CPU);
            return read(method.Steps((s_three with { Seed = 11 + i }).Layer(shared).Observe(8, 9), memory ?? own));
        }).ToArray();
    });

    [Fact]
    public void The_prior_waits_five_prefills_and_grows_over_ten() =>
        Assert.Equal([0, 0, 0, 0, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.5, 0.5], Lambdas(StarKvOptions.Session, 17).Select(l => Math.Round(l, 12)));

    [Fact]
    public void Warm_up_ramp_and_strength_are_options() =>
        Assert.Equal([0, 0.4, 0.8, 0.8], Lambdas(StarKvOptions.Session with { PriorWarmup = 1, PriorRamp = 2, PriorStrength = 0.8 }, 4).Select(l => Math.Round(l, 12)));

    [Fact]
    public void No_warm_up_switches_the_prior_off_as_in_the_released_programs()
    {
        var off = Steps(StarKvOptions.Session with { PriorWarmup = 0 }, 3, s => (s.Information is null, (s.WithPrior - s.Attention.mean([0])).abs().max().item<float>()));
        Assert.All(off, step =>
        {
            Assert.True(step.Item1);
            Assert.InRange(step.Item2, 0, 1e-6f);
        });
    }

    [Fact]
    public void After_a_reset_a_session_scores_as_a_fresh_one()
    {
        var options = StarKvOptions.Session with { PriorWarmup = 1, PriorRamp = 1, TemperatureSmoothing = 0.5 };
        using var memory = new LayerMemory();
        var fresh = Steps(options, 4, Score, memory);
        var carried = Steps(options, 4, Score, memory);
        TorchThread.Run(memory.Reset);
        var reset = Steps(options, 4, Score, memory);
        TorchThread.Run(memory.Dispose);
        Assert.Equal(fresh, reset);
        Assert.NotEqual(fresh[0], carried[0]);
    }

    [Fact]
    public void Layers_remember_apart() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var method = new StarKv(StarKvOptions.Session with { PriorWarmup = 1 });
        for (var i = 0; i < 3; i++)
            method.Steps(s_three.Layer(shared, layer: 0).Observe(8, 9), memory);
        Assert.Equal(0, method.Steps(s_three.Layer(shared, layer: 1).Observe(8, 9), memory).Lambda);
        Assert.NotEqual(0, method.Steps(s_three.Layer(shared, layer: 0).Observe(8, 9), memory).Lambda);
    });

    [Fact]
    public void One_temperature_a_layer_changes_no_selection_but_one_a_head_can() => TorchThread.Run(() =>
    {
        var changed = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var scene = s_three with { Seed = seed };
            var none = Kept(StarKvOptions.Session with { Entropy = false }, scene);
            Assert.Equal(none, Kept(StarKvOptions.Session with { AebScope = AebScope.Layer }, scene));
            Assert.Equal(none, Kept(StarKvOptions.Session with { AebScope = AebScope.Layer, MinTemperature = 0.2, MaxTemperature = 5 }, scene));
            changed += none.SequenceEqual(Kept(StarKvOptions.Session with { AebScope = AebScope.Head, MinTemperature = 0.2, MaxTemperature = 5 }, scene)) ? 0 : 1;
        }

        Assert.InRange(changed, 1, 20);
    });

    [Fact]
    public void Older_screens_are_discounted_by_their_age() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var steps = new StarKv().Steps(s_three.Layer(shared).Observe(8, 9), memory);
        var frames = s_three.Prompt.Frames;
        // After one prefill the pattern equals itself: stability is 1, the discount plainly exp(−δ·age).
        Assert.All(steps.Stability!.data<float>().ToArray(), s => Assert.Equal(1, s, 1e-5));
        for (var frame = 0; frame < 3; frame++)
            Assert.Equal(Math.Exp(-0.1 * (2 - frame)), steps.Discount[frames[frame].Start].item<float>(), 1e-5);
        Assert.Equal(1, steps.Discount[0].item<float>());
        Assert.Null(new StarKv(StarKvOptions.Session with { Temporal = false }).Steps(s_three.Layer(shared).Observe(8, 9), memory).Stability);
    });

    [Fact]
    public void The_boost_lifts_the_last_screen_alone() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var observation = s_three.Layer(shared).Observe(8, 9);
        var plain = new StarKv(StarKvOptions.Session with { Alpha = 0 }).Steps(observation, memory).Attention;
        var lift = new StarKv().Steps(observation, memory).Attention - plain;
        var (start, end) = observation.LastFrameInPast!.Value;
        Assert.Equal(2, lift[0].narrow(0, start, end - start).sum().item<float>(), 1e-4);
        Assert.Equal(0, lift.narrow(1, 0, start).abs().max().item<float>());
    });

    [Fact]
    public void With_two_groups_the_weights_are_those_of_zero_and_one()
    {
        var weights = Steps(StarKvOptions.Session, 1, s => s.Weights.data<float>().ToArray())[0].Order().ToArray();
        Assert.True(Math.Abs(weights[0] - 0.5) < 1e-6 || (Math.Abs(weights[0] - 0.26894143) < 1e-6 && Math.Abs(weights[1] - 0.7310586) < 1e-6));
        Assert.Equal(1, weights.Sum(), 1e-6);
    }

    private static float[] Score(StarKvSteps steps) => steps.Score.data<float>().ToArray();

    private static long[] Kept(StarKvOptions options, MethodScene scene)
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var plan = KeepPlan.Of(KvBudget.Keep(0.35), 8, scene.Prompt.Length)!.Value;
        return Selector.Select(new StarKv(options), plan, scene.Layer(shared).Observe(plan.Window, plan.Rows), memory).contiguous().data<long>().ToArray();
    }
}
