using StarKV.Input;

namespace StarKV.Tests.Input;

public class BicubicResamplerTests
{
    [Theory]
    [InlineData(1, 1, 28, 28)]
    [InlineData(64, 60, 56, 56)]
    [InlineData(37, 53, 91, 20)]
    [InlineData(200, 3, 28, 28)]
    [InlineData(33, 40, 33, 56)]
    [InlineData(33, 40, 56, 40)]
    [InlineData(301, 177, 84, 56)]
    public void Vector_paths_agree_with_plain_loops(int width, int height, int toWidth, int toHeight)
    {
        foreach (var channels in new[] { 1, 3 })
        {
            var pixels = new byte[width * height * channels];
            new Random(width + channels).NextBytes(pixels);
            // Extremes next to each other overshoot, so the clamps are met.
            for (var i = 0; i < pixels.Length; i += 3)
                pixels[i] = (byte)(i % 2 * 255);
            Assert.Equal(Plain(pixels, width, height, toWidth, toHeight, channels),
                BicubicResampler.Resize(pixels, width, height, toWidth, toHeight, channels));
        }
    }

    [Fact]
    public void The_same_size_is_left_alone()
    {
        var pixels = new byte[28 * 56 * 3];
        Assert.Same(pixels, BicubicResampler.Resize(pixels, 28, 56, 28, 56));
    }

    [Fact]
    public void A_flat_colour_stays_flat() =>
        Assert.All(BicubicResampler.Resize([.. Enumerable.Repeat((byte)255, 90 * 70 * 3)], 90, 70, 84, 56), b => Assert.Equal(255, b));

    [Fact]
    public void A_wrong_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => BicubicResampler.Resize(new byte[10], 2, 2, 4, 4));

    private static byte[] Plain(byte[] pixels, int width, int height, int toWidth, int toHeight, int channels)
    {
        var middle = new byte[toWidth * height * channels];
        var across = new BicubicTaps(width, toWidth);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < toWidth; x++)
                for (var c = 0; c < channels; c++)
                    middle[(y * toWidth + x) * channels + c] = width == toWidth
                        ? pixels[(y * width + x) * channels + c]
                        : Mix(across, x, j => pixels[(y * width + j) * channels + c]);

        var result = new byte[toWidth * toHeight * channels];
        var down = new BicubicTaps(height, toHeight);
        for (var y = 0; y < toHeight; y++)
            for (var i = 0; i < toWidth * channels; i++)
                result[y * toWidth * channels + i] = height == toHeight
                    ? middle[y * toWidth * channels + i]
                    : Mix(down, y, j => middle[j * toWidth * channels + i]);
        return result;
    }

    private static byte Mix(BicubicTaps taps, int i, Func<int, byte> sample)
    {
        long sum = 1 << (BicubicTaps.Precision - 1);
        for (var j = 0; j < taps.Count[i]; j++)
            sum += (long)sample(taps.First[i] + j) * taps.Weights(i)[j];
        return (byte)Math.Clamp(sum >> BicubicTaps.Precision, 0, 255);
    }
}
