using StarKV.Budget;
using StarKV.Cache;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Observe;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Select;
using StarKV.Tests.Models.Qwen25Vl;
using StarKV.Tests.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Tests.Compact;

/// <summary>Compression during the answer, by <see cref="EveryNTokens"/>.</summary>
public sealed class AnswerCompactorTests
{
    private static readonly ProtectedTokens s_box = new() { Boxes = [new ScreenRegion(0, 0, 0.5, 0.5)] };

    private static readonly ICompressionMethod[] s_methods =
    [
        new StarKv(), new SnapKv(), new KNorm(), new StreamingLlm(), new RandomKeep(), new PyramidKv(), new VlCache(), new GuiKv(), new StLite(),
        new SnapKv(new AttentionOptions { Granularity = Granularity.QueryHead }), new StarKv(new StarKvOptions { AebScope = AebScope.LayerBudget }),
    ];

    public static TheoryData<int> EveryMethod { get; } = new(Enumerable.Range(0, s_methods.Length));

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Rows_never_exceed_the_prompt_s_and_an_interval(int method) => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        using var prefill = golden.Prefill(new Compression(new EveryNTokens(s_methods[method], 3), KvBudget.Keep(0.5)));
        var (start, step) = (prefill.Cache.Layers.Select(l => l.Length).ToList(), 0);
        Greedy(golden, prefill, () =>
        {
            // Rows written since the last time that an interval was full.
            Assert.Equal(start.Select(rows => rows + step % 3), prefill.Cache.Layers.Select(l => l.Length));
            step++;
        });
        Assert.Equal(golden.GreedyTokens.Count, step);
    });

    [Fact]
    public void Before_the_first_compression_the_answer_is_that_of_the_method_alone() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        var alone = Answer(golden, new StarKv(), 0.3);
        Assert.Equal(alone, Answer(golden, new EveryNTokens(new StarKv(), golden.GreedyTokens.Count), 0.3));
        Assert.NotEqual(alone, Answer(golden, new EveryNTokens(new StarKv(), 2), 0.3));
    });

    [Fact]
    public void A_cache_that_dropped_nothing_grows_with_the_answer() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        Assert.Equal(golden.GreedyTokens, Answer(golden, new EveryNTokens(new StarKv(), 2), 1));
        Assert.Equal(golden.GreedyTokens, Answer(golden, new EveryNTokens(new Full(), 1), 0.2));
    });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Protected_tokens_outlive_every_compression(int method) => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("three_images");
        var wanted = s_box.In(golden.Prompt).Select(t => (long)t).ToList();
        var tokens = 0;
        using var prefill = golden.Prefill(new Compression(new EveryNTokens(new Protected(s_methods[method], s_box), 2), KvBudget.Keep(0.8)));
        Greedy(golden, prefill, () => tokens++);
        Assert.NotEmpty(wanted);
        Assert.All(prefill.Cache.Layers, layer =>
        {
            var rows = layer.TokensOfRows();
            Assert.All(rows.Cast<long>().Chunk(rows.GetLength(1)), head => Assert.Empty(wanted.Except(head)));
        });
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_row_keeps_its_own_key_token_and_position(bool perHead) => TorchThread.Run(() =>
    {
        var scene = new MethodScene("no frame", 0, 2, 1);
        var (length, positions) = (scene.Prompt.Length, MRopePositions.Compute(scene.Prompt));
        using var cache = new KvCache(scene.Prompt, positions);
        ICompressionMethod method = perHead ? new KNorm() : new RandomKeep();
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        // The key of token t is t + 1 in all channels of head 0, 1000 − t in those of head 1: small norms win, so the heads differ.
        var numbers = arange(length + 20, ScalarType.Float32, CPU).unsqueeze(1).expand(length + 20, 8);
        var keys = stack([numbers + 1, 1000 - numbers]);
        var prompt = keys.narrow(1, 0, length).contiguous();
        var layer = scene.Layer(shared) with { Keys = prompt };
        cache.Add(new KvLayer(prompt, -prompt, Selector.Select(method, new KeepPlan(1, 9), layer.Observe(1, 10), memory), 0));
        using var answer = new AnswerCompactor(method, 1, 4, cache);
        cache.Layers[0].OpenWindow(layer.LastQueries(1));
        for (var written = 1; written <= 20; written++)
        {
            var (k, v, row) = cache.Layers[0].ReserveRow();
            k.narrow(1, row, 1).copy_(keys.narrow(1, length + written - 1, 1));
            v.narrow(1, row, 1).copy_(-keys.narrow(1, length + written - 1, 1));
            answer.OnTokenWritten(written);
            Assert.Equal(10 + written % 4, cache.Layers[0].Length);
            for (var head = 0; head < 2; head++)
            {
                var rows = cache.Rows(0, head);
                Assert.Equal(rows.Select(r => r.Token).Distinct().Order(), rows.Select(r => r.Token));
                Assert.Equal(length + written - 1, rows[^1].Token);
                // Text alone: a token's position is its number.
                Assert.All(rows, r => Assert.Equal((r.Token, r.Token, r.Token), ((int)r.Time, (int)r.Height, (int)r.Width)));
                float[] wanted = [.. rows.Select(r => head == 0 ? r.Token + 1f : 1000f - r.Token)];
                Assert.Equal(wanted, cache.Layers[0].PeekKeys()[head, TensorIndex.Colon, 0].contiguous().data<float>());
                Assert.Equal(wanted.Select(x => -x), cache.Layers[0].PeekValues()[head, TensorIndex.Colon, 7].contiguous().data<float>());
            }
        }

        Assert.Equal(perHead, cache.Layers[0].PerHead);
        if (perHead)
            Assert.NotEqual(cache.Rows(0, 0), cache.Rows(0, 1));
    });

    [Fact]
    public void What_the_method_learned_from_half_an_answer_is_freed_with_it() => TorchThread.Run(() =>
    {
        var (scene, method) = (new MethodScene("three frames", 3, 2, 2), new StarKv(new StarKvOptions { Window = 2 }));
        using var shared = new PromptTensors(CPU);
        using var memory = new LayerMemory();
        var layer = scene.Layer(shared);
        var kept = Selector.Select(method, new KeepPlan(2, 8), layer.Observe(2, 10), memory);
        var start = TorchThread.Live;
        using (NewDisposeScope())
        {
            using var cache = new KvCache(scene.Prompt, MRopePositions.Compute(scene.Prompt));
            cache.Add(new KvLayer(layer.Keys, layer.Values, kept, 2));
            using var answer = new AnswerCompactor(method, 2, 1, cache);
            cache.Layers[0].OpenWindow(layer.LastQueries(2));
            var (k, v, row) = cache.Layers[0].ReserveRow();
            k.narrow(1, row, 1).zero_();
            v.narrow(1, row, 1).zero_();
            answer.OnTokenWritten(1);
            Assert.Equal(10, cache.Layers[0].Length);
        }

        Assert.Equal(start, TorchThread.Live);
    });

    private static List<int> Answer(GoldenModel golden, ICompressionMethod method, double keep)
    {
        using var prefill = golden.Prefill(new Compression(method, KvBudget.Keep(keep)));
        return [.. golden.Greedy(prefill)];
    }

    private static void Greedy(GoldenModel golden, PrefillResult prefill, Action onStep)
    {
        var options = new GenerationOptions { MaxNewTokens = golden.GreedyTokens.Count };
        using var sampler = new Sampler(options, 1, golden.Prompt.Ids, prefill.Logits.shape[1], CPU);
        new TokenLoop(golden.Model.Text).Run(prefill, sampler, options, _ => false, null, onLogits: _ => onStep());
    }
}
