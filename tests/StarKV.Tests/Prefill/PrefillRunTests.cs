using StarKV.Budget;
using StarKV.Compact;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Tests.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

public sealed class PrefillRunTests
{
    private static readonly Compression[] s_compressions =
    [
        new(new StarKv(), KvBudget.Keep(0.4)), new(new SnapKv(), KvBudget.Keep(0.2)), new(new VlCache(), KvBudget.Keep(0.3)), Compression.None,
    ];

    [Fact]
    public void Readings_that_take_turns_layer_by_layer_give_what_each_gives_alone() => TorchThread.Run(() =>
    {
        using var one = new GoldenModel("three_images");
        using var other = new GoldenModel("one_image");
        using var first = Start(one);
        using var second = Start(other);
        Assert.Equal((0, one.Model.Text.Layers), (first.Layer, first.Layers));
        for (var turn = 1; turn <= first.Layers; turn++)
        {
            // Each move of one happens between two of the other, in a dispose scope that is gone afterwards.
            using (NewDisposeScope())
                Assert.True(first.MoveNext());
            using (NewDisposeScope())
                Assert.True(second.MoveNext());
            Assert.Equal((turn, turn), (first.Layer, second.Layer));
        }

        Assert.False(first.MoveNext());
        Same(one, first.Finish());
        Same(other, second.Finish());
    });

    [Fact]
    public void A_reading_that_is_given_up_halfway_leaves_no_tensor() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var screens = golden.Encode();
        for (var layers = 0; layers <= golden.Model.Text.Layers; layers++)
        {
            var before = TorchThread.Live;
            using (var run = Start(golden, screens))
            {
                for (var i = 0; i < layers; i++)
                    run.MoveNext();
            }

            Assert.Equal(before, TorchThread.Live);
        }
    });

    [Fact]
    public void What_is_finished_belongs_to_the_caller() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var screens = golden.Encode();
        var before = TorchThread.Live;
        IReadOnlyList<PrefillOutcome> outcomes;
        using (var run = Start(golden, screens))
        {
            while (run.MoveNext())
            {
            }

            outcomes = run.Finish();
            Assert.Throws<InvalidOperationException>(() => run.Finish());
        }

        using (NewDisposeScope())
            Assert.All(outcomes, o => Assert.Equal(golden.GreedyTokens[0], o.OrThrow().Logits.argmax().item<long>()));
        foreach (var outcome in outcomes)
            outcome.Result!.Dispose();
        Assert.Equal(before, TorchThread.Live);
    });

    [Fact]
    public void After_an_error_a_reading_can_only_be_disposed() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var stop = new CancellationTokenSource();
        using var run = Start(golden);
        Assert.True(run.MoveNext(stop.Token));
        Assert.Contains("1 of", Assert.Throws<InvalidOperationException>(() => run.Finish()).Message, StringComparison.Ordinal);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => run.MoveNext(stop.Token));
        Assert.Contains("layer 1", Assert.Throws<InvalidOperationException>(() => run.MoveNext()).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void What_the_tower_adds_after_a_layer_reaches_the_screenshots_tokens_alone() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        var plain = golden.Encode();
        var streams = Streams(golden, plain);
        List<ScreenFeatures> features = [.. plain.Select((s, i) => new ScreenFeatures(s.Embeddings, [randn_like(s.Embeddings) * (i + 1)]))];
        var added = Streams(golden, features);
        Assert.Equal(Numbers(streams["inputs_embeds"]), Numbers(added["inputs_embeds"]));
        var difference = added["layer0"] - streams["layer0"];
        foreach (var (frame, screen) in golden.Prompt.Frames.Zip(features))
        {
            var rows = difference.narrow(0, frame.Start, frame.Length);
            Assert.InRange((rows - screen.LayerAdditions[0]).abs().max().item<float>(), 0, 1e-5f);
            rows.zero_();
        }

        Assert.Equal(0, difference.abs().max().item<float>());
        Assert.True((added["layer1"] - streams["layer1"]).abs().max().item<float>() > 1e-3);
    });

    private static PrefillRun Start(GoldenModel golden, IReadOnlyList<ScreenFeatures>? screens = null) =>
        new(golden.Model.Text, null, golden.Prompt, screens ?? golden.Encode(), s_compressions, new PrefillOptions(), apart: true);

    private static Dictionary<string, Tensor> Streams(GoldenModel golden, IReadOnlyList<ScreenFeatures> screens)
    {
        var streams = new Dictionary<string, Tensor>();
        new PrefillRunner(golden.Model.Text).Run(golden.Prompt, screens, Compression.None, trace: (name, value) => streams[name] = value.clone().DetachFromDisposeScope()).Dispose();
        return streams;
    }

    private static void Same(GoldenModel golden, IReadOnlyList<PrefillOutcome> outcomes)
    {
        foreach (var (compression, outcome) in s_compressions.Zip(outcomes))
        {
            using var result = outcome.OrThrow();
            using var alone = golden.Prefill(compression);
            Assert.Equal(alone.NextPosition, result.NextPosition);
            Assert.Equal(Numbers(alone.Logits), Numbers(result.Logits));
            Assert.All(alone.Cache.Layers.Zip(result.Cache.Layers), layers =>
            {
                Assert.Equal(layers.First.TokensOfRows(), layers.Second.TokensOfRows());
                Assert.Equal(Numbers(layers.First.PeekKeys()), Numbers(layers.Second.PeekKeys()));
                Assert.Equal(Numbers(layers.First.PeekValues()), Numbers(layers.Second.PeekValues()));
            });
        }
    }

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
