using StarKV.Input;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class VisionTowerTests
{
    [Fact]
    public void A_batch_of_two_equals_each_alone() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var tower = golden.Tower;
        var grid = new PatchGrid(10, 14);
        var pixels = randn([2, grid.Patches, 1176], generator: Generator(5));
        var together = tower.Encode(pixels, grid);
        Assert.Equal([2, grid.Tokens, golden.Model.Config.Text.HiddenSize], together.shape);
        for (var i = 0; i < 2; i++)
            Near(tower.Encode(pixels.narrow(0, i, 1), grid)[0], together[i]);
        Assert.True((together[0] - together[1]).abs().max().item<float>() > 1e-2);
    });

    [Fact]
    public void Screens_come_back_in_their_order_whatever_their_sizes() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        ModelImage[] images = [Noise(56, 84, 1), Noise(112, 56, 2), Noise(56, 84, 3), Noise(84, 56, 4), Noise(112, 56, 5)];
        var encoder = new ScreenEncoder(golden.Model.Vision);
        var all = encoder.Encode(images);
        for (var i = 0; i < images.Length; i++)
            Near(encoder.Encode([images[i]])[0].Embeddings, all[i].Embeddings);
        Assert.True((all[0].Embeddings - all[2].Embeddings).abs().max().item<float>() > 1e-2);
    });

    [Fact]
    public void More_sizes_than_layouts_kept_change_nothing_and_leave_no_tensor() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var (encoder, image) = (new ScreenEncoder(golden.Model.Vision), Noise(56, 84, 1));
        var first = encoder.Encode([image])[0].Embeddings;
        for (var columns = 1; columns <= 9; columns++)
            encoder.Encode([Noise(28 * columns, 28, columns)])[0].Dispose();
        // The layout of the first size was dropped for the others and is made again; only one layout less or more may live.
        var live = TorchThread.Live;
        using (var again = encoder.Encode([image])[0])
            Assert.Equal(first.data<float>().ToArray(), again.Embeddings.data<float>().ToArray());
        Assert.Equal(6, TorchThread.Live - live);
        encoder.Encode([image])[0].Dispose();
        Assert.Equal(6, TorchThread.Live - live);
    });

    [Fact]
    public void An_mlp_of_odd_width_equals_one_widened_by_zeros() => TorchThread.Run(() =>
    {
        // 60 inner channels are widened by the tower; 64 with four of them zero need no widening.
        var config = new VisionConfig { Depth = 2, HiddenSize = 32, Heads = 2, IntermediateSize = 60, OutHiddenSize = 16, FullAttentionBlocks = [1] };
        var compute = new Compute(CPU, ScalarType.Float32);
        using var narrow = new VisionTower(config, new PreprocessorConfig(), compute, new ZeroBeyond(60));
        using var wide = new VisionTower(config with { IntermediateSize = 64 }, new PreprocessorConfig(), compute, new ZeroBeyond(60));
        var grid = new PatchGrid(8, 12);
        var pixels = randn([1, grid.Patches, 1176], generator: Generator(3));
        var expected = wide.Encode(pixels, grid);
        Near(expected, narrow.Encode(pixels, grid));
        Assert.True(expected.abs().max().item<float>() > 1e-2);
    });

    /// <summary>Weights that depend on their place alone, zero from inner MLP channel <paramref name="width"/> on.</summary>
    private sealed class ZeroBeyond(long width) : IWeightSource
    {
        public Tensor Take(long[] shape, params string[] names)
        {
            var inner = names[0].Contains("mlp.gate", StringComparison.Ordinal) || names[0].Contains("mlp.up", StringComparison.Ordinal) ? 0
                : names[0].Contains("mlp.down_proj.weight", StringComparison.Ordinal) ? 1 : -1;
            var places = shape.Select((size, i) => arange(size, ScalarType.Float32).view([.. shape.Select((_, j) => i == j ? size : 1)]) * (i + 1.7)).Aggregate((a, b) => a + b);
            var weight = (places + names[0].Length).sin() * 0.2;
            if (inner >= 0 && shape[inner] > width)
                weight.narrow(inner, width, shape[inner] - width).zero_();
            return weight.DetachFromDisposeScope();
        }
    }

    private static Generator Generator(ulong seed) => new Generator(seed);

    private static ModelImage Noise(int width, int height, int seed)
    {
        var rgb = new byte[width * height * 3];
        new Random(seed).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, width, height).ForModel(SmartResize.Default);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5f * Math.Max(1, expected.abs().max().item<float>()));
    }
}
