using StarKV.Budget;
using StarKV.Compact;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Tests.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

public sealed class PrefillRunnerTests
{
    [Theory]
    [InlineData("one_image", 1)]
    [InlineData("one_image", 7)]
    [InlineData("three_images", 1)]
    [InlineData("three_images", 7)]
    [InlineData("three_images", 103)]
    public void Chunks_change_no_result(string inputs, int chunk) => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel(inputs);
        using var whole = golden.Prefill(options: new PrefillOptions { ChunkTokens = 4096 });
        using var parts = golden.Prefill(options: new PrefillOptions { ChunkTokens = chunk });
        var (a, b) = (whole.Logits.data<float>().ToArray(), parts.Logits.data<float>().ToArray());
        var largest = a.Max(Math.Abs);
        Assert.All(a.Zip(b), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-5f * largest));
        Assert.Equal(golden.GreedyTokens, golden.Greedy(whole));
        Assert.Equal(golden.GreedyTokens, golden.Greedy(parts));
    });

    [Fact]
    public void Logits_are_those_of_the_last_token_alone() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var prefill = golden.Prefill();
        Assert.Equal([1, golden.Model.Config.Text.VocabSize], prefill.Logits.shape);
        Assert.Equal(ScalarType.Float32, prefill.Logits.dtype);
        Assert.Equal(golden.GreedyTokens[0], prefill.Logits.argmax().item<long>());
    });

    [Fact]
    public void Answer_positions_follow_the_prompt_s_however_much_is_dropped() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        using var whole = golden.Prefill();
        using var compressed = golden.Prefill(new Compression(new StarKv(), KvBudget.Keep(0.2)));
        Assert.Equal(whole.NextPosition, compressed.NextPosition);
        Assert.All(compressed.Cache.Layers, l => Assert.Equal(20, l.Length));
        // The prompt itself is read in full: compression shows from the second answer token on.
        Assert.Equal(whole.Logits.data<float>().ToArray(), compressed.Logits.data<float>().ToArray());
    });

    [Fact]
    public void Several_compressions_of_one_prefill_are_those_of_prefills_of_their_own() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        ICompressionMethod[] methods =
        [
            .. s_kinds, new Full(), new PyramidKv(), new StarKv(new StarKvOptions { AebScope = AebScope.LayerBudget }), new StarKv(StarKvOptions.Reference),
            new Protected(new GuiKv(), new ProtectedTokens { Boxes = [new ScreenRegion(0.8, 0.8, 1, 1)] }),
        ];
        Compression[] compressions = [.. methods.Select((m, i) => new Compression(m, KvBudget.Keep(i % 2 == 0 ? 0.4 : 0.6)))];
        var together = new PrefillRunner(golden.Model.Text).Run(golden.Prompt, golden.Encode(), compressions);
        for (var i = 0; i < compressions.Length; i++)
        {
            using var result = together[i];
            using var alone = golden.Prefill(compressions[i]);
            Assert.Equal(alone.NextPosition, result.NextPosition);
            Assert.Equal(alone.Logits.data<float>().ToArray(), result.Logits.data<float>().ToArray());
            Assert.All(alone.Cache.Layers.Zip(result.Cache.Layers), layers =>
            {
                Assert.Equal(layers.First.TokensOfRows(), layers.Second.TokensOfRows());
                Assert.Equal(layers.First.PeekKeys().contiguous().data<float>().ToArray(), layers.Second.PeekKeys().contiguous().data<float>().ToArray());
                Assert.Equal(layers.First.PeekValues().contiguous().data<float>().ToArray(), layers.Second.PeekValues().contiguous().data<float>().ToArray());
            });
            Assert.Equal(golden.Greedy(alone), golden.Greedy(result));
        }
    });

    private static readonly ICompressionMethod[] s_kinds =
    [
        new StarKv(), new VlCache(new VlCacheOptions { Sparsity = Sparsity.Embeddings }), new EveryNTokens(new SnapKv(), 3),
        new Protected(new GuiKv(), new ProtectedTokens { Boxes = [new ScreenRegion(0, 0, 0.2, 0.2)] }),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_prefill_and_an_answer_leave_no_tensor(int kind) => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        for (var i = 0; i < 3; i++)
        {
            var before = 0L;
            using (NewDisposeScope())
            {
                // The first round makes the vision layouts, which stay.
                golden.Encode();
                before = TorchThread.Live;
                using var prefill = golden.Prefill(new Compression(s_kinds[kind], KvBudget.Keep(0.2)), new PrefillOptions { AnswerRoom = 2 });
                golden.Greedy(prefill);
            }

            Assert.True(TorchThread.Live <= before, $"round {i}: {TorchThread.Live} tensors live, {before} before");
        }
    });

    [Fact]
    public void Cancelling_before_a_layer_leaves_no_tensor() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var screens = golden.Encode();
        using var stop = new CancellationTokenSource();
        var before = TorchThread.Live;
        using (NewDisposeScope())
        {
            Assert.Throws<OperationCanceledException>(() => new PrefillRunner(golden.Model.Text).Run(
                golden.Prompt, screens, [.. s_kinds.Select(k => new Compression(k, KvBudget.Keep(0.2)))], null, (stage, _) => StopAfter(stage), stop.Token));
        }

        Assert.Equal(before, TorchThread.Live);

        void StopAfter(string stage)
        {
            if (stage == "layer1")
                stop.Cancel();
        }
    });
}
