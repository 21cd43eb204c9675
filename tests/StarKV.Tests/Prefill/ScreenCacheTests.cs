using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Tests.Models.Qwen25Vl;
using static TorchSharp.torch;

namespace StarKV.Tests.Prefill;

public sealed class ScreenCacheTests
{
    private static ModelImage Image(byte shade, int width = 56, int height = 84)
    {
        var rgb = new byte[width * height * 3];
        Array.Fill(rgb, shade);
        return Screenshot.FromRgb(rgb, width, height, $"shade {shade}").ForModel(new SmartResize(4 * 28 * 28, 1 << 24, 28));
    }

    private static float[] Numbers(ScreenFeatures screen) => screen.Embeddings.contiguous().data<float>().ToArray();

    private static ScreenFeatures Features(Tensor embeddings) => new(embeddings);

    [Fact]
    public void A_screen_seen_before_gives_the_same_embeddings_without_the_tower() => TorchThread.Run(() =>
    {
        using var golden = new GoldenModel("one_image");
        using var cache = new ScreenCache(1 << 20);
        List<ModelImage> history = [Image(10), Image(20), Image(30, 84, 56)];
        var fresh = new ScreenEncoder(golden.Model.Vision).Encode(history).Select(Numbers).ToList();
        var first = new ScreenEncoder(golden.Model.Vision, cache).Encode(history).Select(Numbers).ToList();
        Assert.Equal(3, cache.Count);
        // The last one is new, the others are known.
        var second = new ScreenEncoder(golden.Model.Vision, cache).Encode([.. history.Skip(1), Image(40)]).Select(Numbers).ToList();
        Assert.Equal(4, cache.Count);
        Assert.Equal(fresh, first);
        Assert.Equal(fresh.Skip(1), second.Take(2));
        Assert.NotEqual(fresh[0], second[2]);
    });

    [Fact]
    public void Equal_pixels_in_another_shape_are_another_screen() => TorchThread.Run(() =>
    {
        using var cache = new ScreenCache(1 << 20);
        Assert.NotEqual(cache.KeyOf(Image(7, 56, 84)), cache.KeyOf(Image(7, 84, 56)));
        Assert.NotEqual(cache.KeyOf(Image(7)), cache.KeyOf(Image(8)));
        Assert.Equal(cache.KeyOf(Image(7)), cache.KeyOf(Image(7)));
    });

    [Fact]
    public void What_was_used_longest_ago_is_forgotten_first_and_the_capacity_holds() => TorchThread.Run(() =>
    {
        using var cache = new ScreenCache(3 * 40 * 4);
        var keys = Enumerable.Range(0, 4).Select(i => cache.KeyOf(Image((byte)i))).ToList();
        for (var i = 0; i < 3; i++)
            cache.Add(keys[i], Features(ones(10, 4) * i));
        Assert.Equal((3, 480L), (cache.Count, cache.Bytes));
        Assert.Equal(0, cache.Find(keys[0])!.Embeddings.sum().item<float>());
        cache.Add(keys[3], Features(ones(10, 4) * 3));
        Assert.Equal((3, 480L), (cache.Count, cache.Bytes));
        Assert.Null(cache.Find(keys[1]));
        Assert.Equal(80, cache.Find(keys[2])!.Embeddings.sum().item<float>());
        cache.Add(cache.KeyOf(Image(9)), Features(ones(121)));
        Assert.Equal(3, cache.Count);
    });

    [Fact]
    public void Embeddings_in_use_outlive_their_place_in_the_cache() => TorchThread.Run(() =>
    {
        var before = TorchThread.Live;
        using (NewDisposeScope())
        {
            using var cache = new ScreenCache(160);
            var (a, b) = (cache.KeyOf(Image(1)), cache.KeyOf(Image(2)));
            cache.Add(a, Features(ones(10, 4)));
            var used = cache.Find(a)!;
            cache.Add(b, Features(zeros(10, 4)));
            Assert.Null(cache.Find(a));
            Assert.Equal(40, used.Embeddings.sum().item<float>());
        }

        Assert.Equal(before, TorchThread.Live);
    });

    [Fact]
    public void No_capacity_remembers_nothing() => TorchThread.Run(() =>
    {
        using var cache = new ScreenCache(0);
        cache.Add(cache.KeyOf(Image(1)), Features(ones(1)));
        Assert.Equal(0, cache.Count);
    });
}
