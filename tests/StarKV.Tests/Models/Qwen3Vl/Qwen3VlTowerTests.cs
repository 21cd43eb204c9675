using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen3Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen3Vl;

/// <summary>The vision tower of the vectors' small model; the vectors themselves are checked by the conformance command.</summary>
public sealed class Qwen3VlTowerTests
{
    private static readonly string s_folder = RepositoryFiles.Path("tests", "vectors", "golden", "qwen3vl", "model");

    private static IVisionLanguageModel Load() => ModelRegistry.Load(s_folder, Compute.Choose("cpu"));

    [Fact]
    public void A_batch_of_two_equals_each_alone_in_embeddings_and_additions() => TorchThread.Run(() =>
    {
        using var model = Load();
        var (tower, grid) = (((Qwen3VlModel)model).Vision, new PatchGrid(10, 14, 16));
        var pixels = randn([2, grid.Patches, 1536], generator: new Generator(5));
        var together = tower.Encode(pixels, grid);
        Assert.Equal(2, together.LayerAdditions.Count);
        for (var i = 0; i < 2; i++)
        {
            var alone = tower.Encode(pixels.narrow(0, i, 1), grid);
            Assert.All(alone.Tensors.Zip(together.Tensors), pair => Near(pair.First[0], pair.Second[i]));
        }

        Assert.All(together.Tensors, t => Assert.Equal([2, grid.Tokens, model.Config.Text.HiddenSize], t.shape));
        Assert.All(together.Tensors, t => Assert.True((t[0] - t[1]).abs().max().item<float>() > 1e-2));
    });

    [Fact]
    public void Screens_come_back_in_their_order_whatever_their_sizes_and_leave_no_tensor() => TorchThread.Run(() =>
    {
        using var model = Load();
        ModelImage[] images = [Noise(model, 64, 96, 1), Noise(model, 128, 64, 2), Noise(model, 64, 96, 3)];
        var encoder = new ScreenEncoder(model.Vision);
        using (NewDisposeScope())
            encoder.Encode(images);
        var live = TorchThread.Live;
        using (NewDisposeScope())
        {
            var all = encoder.Encode(images);
            Assert.Equal(9, all.Sum(s => s.Tensors.Count()));
            for (var i = 0; i < images.Length; i++)
                Assert.All(encoder.Encode([images[i]])[0].Tensors.Zip(all[i].Tensors), pair => Near(pair.First, pair.Second));
        }

        Assert.Equal(live, TorchThread.Live);
        // Entries, weights, cosines, sines and the run of each of two sizes.
        Assert.Equal(10, model.Vision.CachedTensors);
    });

    [Fact]
    public void Remembered_screens_have_their_additions() => TorchThread.Run(() =>
    {
        using var model = Load();
        using var cache = new ScreenCache(1 << 20);
        var (encoder, image) = (new ScreenEncoder(model.Vision, cache), Noise(model, 64, 96, 1));
        var first = encoder.Encode([image])[0];
        var again = encoder.Encode([image])[0];
        Assert.Equal(3 * image.Grid.Tokens * model.Config.Text.HiddenSize * sizeof(float), cache.Bytes);
        Assert.Equal(cache.Bytes, model.Config.FeatureBytes(image.Grid, sizeof(float)));
        Assert.All(first.Tensors.Zip(again.Tensors), pair =>
            Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
    });

    private static ModelImage Noise(IVisionLanguageModel model, int width, int height, int seed)
    {
        var rgb = new byte[width * height * 3];
        new Random(seed).NextBytes(rgb);
        return Screenshot.FromRgb(rgb, width, height).ForModel((model.Pixels with { MinPixels = 1024 }).Resize);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f * Math.Max(1, expected.abs().max().item<float>()));
    }
}
