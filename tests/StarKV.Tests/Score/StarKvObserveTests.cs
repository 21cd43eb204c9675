using StarKV.Observe;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>STaR-KV's axes on what the beginnings of possible answers attend to.</summary>
public sealed class StarKvObserveTests
{
    // In the seventh prefill λ is 0.1: one of ten after five.
    private const int Prefills = 7;

    [Theory]
    [InlineData("")]
    [InlineData("kernel=1 alpha=0")]
    [InlineData("kernel=3 window=3 entropy=off")]
    [InlineData("prior-strength=0 temporal=off")]
    [InlineData("prior-strength=1 prior-warmup=1 prior-ramp=1 temporal-delta=2")]
    public void The_axes_begin_from_the_branches_mean_times_the_window(string options) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (probing, plain) = (Of($"observe=probe {options}"), Of(options));
        var scene = new MethodScene("three frames", 7, 2, 3);
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        for (var prefill = 0; prefill < Prefills - 1; prefill++)
            new StarKv(probing).Score(scene.Layer(shared, prefill).Observe(probing.Window, 9) with { Layer = 0 }, memory);
        using var remembered = memory.Copy();
        var o = scene.Layer(shared).Observe(probing.Window, 9);
        var given = new StarKv(probing).Score(o, memory);

        // Attention of two branches of two and three tokens, to which the group's three heads count alike.
        var weights = o.Branches!.Weights().narrow(2, 0, o.Past).view(2, 3, 5, o.Past).mean([1]);
        var groups = (weights.narrow(1, 0, 2).mean([1]) + weights.narrow(1, 2, 3).mean([1])) * plain.Window / 2;
        var half = plain.Kernel / 2;
        groups = stack(Enumerable.Range(0, o.Past).Select(t =>
            groups.narrow(1, Math.Max(0, t - half), Math.Min(o.Past, t + half + 1) - Math.Max(0, t - half)).sum(1) / plain.Kernel), 1);
        new SpatialBoost(plain.Alpha, plain.SaliencyTemperature, plain.NormSource).AddTo(groups, o);
        var state = remembered.For<StarKvState>(0);
        state.Prefills++;
        var (leader, prior, discount) = (groups.argmax(0), new SubspacePrior(plain), new TemporalDiscount(plain));
        prior.Information(o, groups, state);
        var lambda = prior.Lambda(Prefills);
        var factor = 1 - lambda + lambda * 2 * prior.GroupWeights(o, state).index_select(0, leader);
        var weighted = groups.mean([0]) * factor * discount.Of(o, groups, leader, state).Discount;
        if (plain.Entropy)
        {
            var spread = AttentionEntropy.Of(groups.mean([0], true)).item<float>();
            weighted = weighted.pow(1 / (plain.MinTemperature + (plain.MaxTemperature - plain.MinTemperature) * spread));
        }

        Assert.InRange((weighted.unsqueeze(0) - given).abs().max().item<float>(), 0, 1e-5f * weighted.max().item<float>());
        Assert.Equal(options.Contains("prior-strength=0", StringComparison.Ordinal), lambda == 0);
    });

    [Fact]
    public void The_axes_change_what_is_kept() => TorchThread.Run(() =>
    {
        using var shared = new PromptTensors(CPU);
        var scene = new MethodScene("three frames", 7, 2, 3);
        Tensor Score(string options)
        {
            using var memory = new LayerMemory();
            return new StarKv(Of($"observe=probe {options}")).Score(scene.Layer(shared).Observe(8, 9), memory);
        }

        // Of a first prefill the prior knows nothing, and older screenshots are discounted.
        var (neither, both) = (Score("prior-strength=0 temporal=off entropy=off"), Score("entropy=off"));
        var ages = scene.Prompt.FrameOf.ToArray().Select(f => f < 0 ? 0 : scene.Prompt.Frames.Count - 1 - f).ToArray();
        Assert.Contains(2, ages);
        for (var t = 0; t < both.shape[1]; t++)
            Assert.Equal(neither[0, t].item<float>() * Math.Exp(-0.1 * ages[t]), both[0, t].item<float>(), 1e-6);
    });

    [Fact]
    public void Its_branches_are_probe_s_and_without_them_the_window_is_looked_at() => TorchThread.Run(() =>
    {
        var answers = new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false);
        Assert.Equal(new Probe().Branches(answers), new StarKv(Of("observe=probe")).Branches(answers));
        Assert.Empty(new StarKv().Branches(answers));
        using var shared = new PromptTensors(CPU);
        var o = new MethodScene("three frames", 7, 2, 3).Layer(shared).Observe(8, 9) with { Branches = null };
        using var first = new LayerMemory();
        using var second = new LayerMemory();
        var (probing, plain) = (new StarKv(Of("observe=probe")).Score(o, first), new StarKv().Score(o, second));
        Assert.Equal(plain.data<float>().ToArray(), probing.data<float>().ToArray());
    });

    [Theory]
    [InlineData("head")]
    [InlineData("layer-budget")]
    public void A_scope_that_looks_at_the_last_queries_is_refused(string scope) => Assert.Equal(
        "star-kv: with observe=probe option aeb-scope must be layer; the other scopes look at the last queries.",
        Assert.Throws<StarKvException>(() => new StarKv(Of($"observe=probe aeb-scope={scope}"))).Message);

    private static StarKvOptions Of(string options) => StarKvOptions.Table.Read(
        StarKvOptions.Session, options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]));
}
