using StarKV.Input;
using StarKV.Prefill;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen25Vl;

public sealed class VisionTowerTests
{
    [Fact]
    public void A_batch_of_two_equals_each_alone() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var tower = golden.Model.Vision;
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
            Near(encoder.Encode([images[i]])[0], all[i]);
        Assert.True((all[0] - all[2]).abs().max().item<float>() > 1e-2);
    });

    [Fact]
    public void More_sizes_than_layouts_kept_change_nothing_and_leave_no_tensor() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        var (encoder, image) = (new ScreenEncoder(golden.Model.Vision), Noise(56, 84, 1));
        var first = encoder.Encode([image])[0];
        for (var columns = 1; columns <= 9; columns++)
            encoder.Encode([Noise(28 * columns, 28, columns)])[0].Dispose();
        // The layout of the first size was dropped for the others and is made again; only one layout less or more may live.
        var live = TorchThread.Live;
        using (var again = encoder.Encode([image])[0])
            Assert.Equal(first.data<float>().ToArray(), again.data<float>().ToArray());
        Assert.Equal(6, TorchThread.Live - live);
        encoder.Encode([image])[0].Dispose();
        Assert.Equal(6, TorchThread.Live - live);
    });

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
