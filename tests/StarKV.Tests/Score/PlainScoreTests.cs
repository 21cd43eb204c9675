using StarKV.Budget;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Select;
using static TorchSharp.torch;

namespace StarKV.Tests.Score;

/// <summary>The numbers of the methods that look at no attention.</summary>
public sealed class PlainScoreTests
{
    private static void Gives(ICompressionMethod method, double[][] wanted, Tensor? keys = null, int layer = 0) => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var length = wanted[0].Length + 1;
        var input = ExactLayer.Of(TestPrompts.Of(length), shared, [[.. Enumerable.Repeat(1f, length)], [.. Enumerable.Repeat(1f, length)]], 1, 1) with { Layer = layer };
        Assert.Equal(1, method.Window(input.Tokens));
        ExactLayer.Holds(method.Score((keys is null ? input : input with { Keys = keys }).Observe(1, 2), memory), wanted);
    });

    [Fact]
    public void Full_scores_all_alike_and_drops_nothing()
    {
        Gives(new Full(), [[1, 1, 1, 1]]);
        Assert.Equal(("full", true), (new Full().Name, new Full().LayerBudget.DropsNothing));
    }

    [Fact]
    public void Knorm_is_the_negative_length_of_each_key_head_by_head() => TorchThread.Run(() =>
    {
        // The lengths of 3, 4 and 5, 12, and of a key of ones; the last token is the window.
        var keys = tensor(new float[] { 3, 4, 0, 0, 0, 5, 12, 0, 1, 1, 1, 1, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, -2, 0, 6, 0, 0, 8, 9, 9, 9, 9 }).view(2, 4, 4);
        Gives(new KNorm(), [[-5, -13, -2], [0, -2, -10]], keys);
        Assert.Equal("knorm", new KNorm().Name);
    });

    [Fact]
    public void Streaming_llm_puts_four_sinks_above_all_others_and_the_recent_above_the_old()
    {
        Gives(new StreamingLlm(), [[6, 7, 8, 9, 4, 5]]);
        Gives(new StreamingLlm(), [[4, 5, 6, 7]]);
        Gives(new StreamingLlm(), [[3, 4, 5]]);
        Assert.Equal("streaming-llm", new StreamingLlm().Name);
    }

    [Fact]
    public void Streaming_llm_keeps_the_first_four_tokens_and_the_last() => TorchThread.Run(() =>
    {
        using var memory = new LayerMemory();
        using var shared = new PromptTensors(CPU);
        var layer = ExactLayer.Of(TestPrompts.Of(12), shared, [[.. Enumerable.Repeat(1f, 12)]], 1);
        long[] Kept(int rows) => Selector.Select(new StreamingLlm(), new KeepPlan(1, rows - 1), layer.Observe(1, rows), memory).data<long>().ToArray();
        Assert.Equal([0, 1, 2, 3, 9, 10, 11], Kept(7));
        Assert.Equal([0, 1, 2, 3, 11], Kept(5));
        Assert.Equal([1, 2, 3, 11], Kept(4));
    });

    [Theory]
    [InlineData(0, 0, 17)]
    [InlineData(0, 3, 23_774)]
    [InlineData(2, 0, 2_000_023)]
    [InlineData(2, 1, 2_007_942)]
    public void The_draws_of_a_seed_and_a_layer_never_change(int seed, int layer, int layerSeed)
    {
        // seed · 1,000,003 + layer · 7,919 + 17: results that were published can be made again.
        var random = new Random(layerSeed);
        Gives(new RandomKeep(new RandomKeepOptions { Seed = seed }), [[.. Enumerable.Range(0, 5).Select(_ => (double)random.NextSingle())]], layer: layer);
    }

    [Fact]
    public void The_largest_seed_is_one_too()
    {
        var random = new Random(unchecked((int)(1_000_000_000L * 1_000_003 + 2 * 7_919 + 17)));
        Gives(new RandomKeep(new RandomKeepOptions { Seed = 1_000_000_000 }), [[random.NextSingle(), random.NextSingle()]], layer: 2);
        Assert.Equal("random", new RandomKeep().Name);
    }
}
