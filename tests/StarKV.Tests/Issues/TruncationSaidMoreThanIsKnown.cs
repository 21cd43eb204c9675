using SkiaSharp;
using StarKV.Input;
using StarKV.Tests.Input;

namespace StarKV.Tests.Issues;

/// <summary>A JPEG that lacks only its end marker was said to end before its last pixel. It stays refused, as the decoder cannot tell what is missing; the sentence says so.</summary>
public sealed class TruncationSaidMoreThanIsKnown
{
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void A_jpeg_without_its_end_is_refused_for_that(int missing)
    {
        var whole = TestImages.Quarters(SKEncodedImageFormat.Jpeg, 480, 320);
        Assert.Equal([0xFF, 0xD9], whole[^2..]);
        var error = Assert.Throws<StarKvException>(() => Screenshot.Decode(whole[..^missing], "cut.jpg"));
        Assert.Equal("screenshot 'cut.jpg' is truncated: its end is missing. Save or transfer it again.", error.Message);
    }

    [Fact]
    public void A_png_without_its_last_chunk_has_every_pixel_and_is_read()
    {
        var whole = TestImages.Quarters(SKEncodedImageFormat.Png, 48, 32);
        Assert.Equal(Screenshot.Decode(whole).Rgb, Screenshot.Decode(whole[..^12]).Rgb);
    }
}
