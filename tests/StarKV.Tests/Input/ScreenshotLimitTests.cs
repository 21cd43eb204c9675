using SkiaSharp;
using StarKV.Input;

namespace StarKV.Tests.Input;

public sealed class ScreenshotLimitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starkv-input-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("does not exist", Refused(() => Screenshot.Load(Path.Combine(_folder, "none.png"))), StringComparison.Ordinal);

    [Fact]
    public void A_folder_cannot_be_read() =>
        Assert.Contains("cannot be read", Refused(() => Screenshot.Load(_folder)), StringComparison.Ordinal);

    [Theory]
    [InlineData("hello, this is not a picture")]
    [InlineData("")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000")]
    public void Text_and_other_formats_named_png_are_refused(string content)
    {
        var path = Path.Combine(_folder, "x.png");
        File.WriteAllText(path, content);
        Assert.Contains($"'{path}' is not a PNG, JPEG or WebP", Refused(() => Screenshot.Load(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_picture_is_refused_by_its_header_alone()
    {
        var file = PngFile.Build(30000, 30000, 8, PngFile.Rgb, [[1, 2, 3]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("screenshot 'x.png' is 30000×30000 px; the limit is 64 MP (ImageLimits.MaxPixels). Downscale it or raise the limit.",
            Refused(() => Screenshot.Decode(file, "x.png")));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void An_8k_picture_passes_the_default_limits_and_less_can_be_asked()
    {
        ImageLimits.Default.CheckSize("8k", 7680, 4320);
        var file = TestImages.Quarters(SKEncodedImageFormat.Png, 48, 32);
        Assert.Contains("48×32", Refused(() => Screenshot.Decode(file, "x", new ImageLimits { MaxPixels = 48 * 32 - 1 })), StringComparison.Ordinal);
        Assert.Equal(48, Screenshot.Decode(file, "x", new ImageLimits { MaxPixels = 48 * 32 }).Width);
    }

    [Fact]
    public void A_large_file_is_refused_before_it_is_read()
    {
        var path = Path.Combine(_folder, "big.png");
        File.WriteAllBytes(path, new byte[2 << 20]);
        Assert.Contains("larger than 1 MiB (ImageLimits.MaxFileBytes)", Refused(() => Screenshot.Load(path, new ImageLimits { MaxFileBytes = 1 << 20 })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ribbon_is_refused()
    {
        var row = new byte[201 * 3];
        Assert.Contains("200:1", Refused(() => Screenshot.Decode(PngFile.Build(201, 1, 8, PngFile.Rgb, [row]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Animations_are_refused()
    {
        var apng = PngFile.Build(1, 1, 8, PngFile.Rgb, [[1, 2, 3]], ("acTL", [0, 0, 0, 2, 0, 0, 0, 0]));
        Assert.Contains("animated", Refused(() => Screenshot.Decode(apng)), StringComparison.Ordinal);
        Assert.Contains("animated", Refused(() => Screenshot.Decode(TestImages.AnimatedWebp())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_truncated_picture_is_refused(SKEncodedImageFormat format)
    {
        var whole = TestImages.Quarters(format, 480, 320);
        foreach (var share in new[] { 0.3, 0.6, 0.9 })
            Assert.Matches("truncated|damaged", Refused(() => Screenshot.Decode(whole[..(int)(whole.Length * share)])));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Damaged_bytes_give_a_picture_or_a_clear_error(SKEncodedImageFormat format)
    {
        var whole = TestImages.Quarters(format, 64, 48);
        var random = new Random(20260101);
        for (var round = 0; round < 300; round++)
        {
            byte[] bytes = [.. whole];
            for (var flips = 0; flips < 4; flips++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var shot = Screenshot.Decode(bytes);
                Assert.Equal(shot.Width * shot.Height * 3, shot.Rgb.Length);
            }
            catch (StarKvException e)
            {
                Assert.StartsWith("screenshot 'screenshot'", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Raw_pixels_must_fit_their_size()
    {
        Assert.Contains("needs 12 bytes", Refused(() => Screenshot.FromRgb(new byte[11], 2, 2)), StringComparison.Ordinal);
        Assert.Contains("at least 1 px", Refused(() => Screenshot.FromRgb([], 0, 2)), StringComparison.Ordinal);
    }

    private static string Refused(Action act) => Assert.Throws<StarKvException>(act).Message;
}
