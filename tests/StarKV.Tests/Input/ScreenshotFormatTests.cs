using SkiaSharp;
using StarKV.Input;

namespace StarKV.Tests.Input;

public class ScreenshotFormatTests
{
    private static readonly byte[] s_fourPixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30];

    [Fact]
    public void Rgb_png_gives_its_bytes()
    {
        var shot = Screenshot.Decode(PngFile.Build(2, 2, 8, PngFile.Rgb, [s_fourPixels[..6], s_fourPixels[6..]]), "two.png");
        Assert.Equal((2, 2, "two.png"), (shot.Width, shot.Height, shot.Name));
        Assert.Equal(s_fourPixels, shot.Rgb);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(null)]
    public void A_jpeg_in_cmyk_stores_how_much_light_is_left(int? adobe)
    {
        // Whether Adobe's marker is there or not: PIL reads all of them so.
        var shot = Screenshot.Decode(JpegFile.Flat(16, 8, [255, 128, 0, 200], (byte?)adobe));
        Assert.Equal((16, 8), (shot.Width, shot.Height));
        Assert.All(shot.Rgb.Chunk(3), p => Assert.Equal([200, 128 * 200 / 255, 0], p));
    }

    [Fact]
    public void A_jpeg_in_ycck_is_turned_into_cmyk_first()
    {
        var shot = Screenshot.Decode(JpegFile.Flat(16, 8, [55, 128, 128, 255], 2));
        Assert.All(shot.Rgb.Chunk(3), p => Assert.Equal([200, 200, 200], p));
    }

    [Fact]
    public void A_gray_jpeg_repeats_its_value() =>
        Assert.All(Screenshot.Decode(JpegFile.Flat(16, 8, [77], null)).Rgb, v => Assert.Equal(77, v));

    [Fact]
    public void Gray_png_repeats_its_value() =>
        Assert.Equal([7, 7, 7, 200, 200, 200], Screenshot.Decode(PngFile.Build(2, 1, 8, PngFile.Gray, [[7, 200]])).Rgb);

    [Fact]
    public void Palette_png_gives_its_colours() =>
        Assert.Equal([1, 2, 3, 250, 251, 252],
            Screenshot.Decode(PngFile.Build(2, 1, 8, PngFile.Palette, [[1, 0]], ("PLTE", [250, 251, 252, 1, 2, 3]))).Rgb);

    [Fact]
    public void Sixteen_bit_png_keeps_the_high_bytes() =>
        Assert.Equal([0x12, 0xFF, 0x00], Screenshot.Decode(PngFile.Build(1, 1, 16, PngFile.Rgb, [[0x12, 0x7F, 0xFF, 0xFF, 0x00, 0x01]])).Rgb);

    [Fact]
    public void Gamma_chromaticities_and_srgb_chunks_change_nothing()
    {
        byte[] gamma = [0, 1, 0x86, 0xA0]; // 1.0
        // White, red, green and blue points of Adobe RGB (1998), each × 100,000.
        byte[] points = [.. new[] { 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000 }
            .SelectMany(v => new[] { (byte)(v >> 24), (byte)(v >> 16), (byte)(v >> 8), (byte)v })];
        var plain = PngFile.Build(2, 2, 8, PngFile.Rgb, [s_fourPixels[..6], s_fourPixels[6..]], ("gAMA", gamma), ("cHRM", points));
        Assert.Equal(s_fourPixels, Screenshot.Decode(plain).Rgb);
    }

    [Fact]
    public void An_embedded_colour_profile_is_not_applied()
    {
        using var adobe = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.TwoDotTwo, SKColorSpaceXyz.AdobeRgb);
        using var bitmap = new SKBitmap(new SKImageInfo(2, 2, SKColorType.Rgba8888, SKAlphaType.Opaque, adobe));
        byte[] pixels = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 20, 30, 255];
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.True(png.ToArray().AsSpan().IndexOf("iCCP"u8) > 0);
        Assert.Equal(s_fourPixels, Screenshot.Decode(png.ToArray()).Rgb);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Png)]
    public void Each_format_decodes_close_to_what_was_drawn(SKEncodedImageFormat format)
    {
        var shot = Screenshot.Decode(TestImages.Quarters(format, 48, 32));
        Assert.Equal((48, 32), (shot.Width, shot.Height));
        Assert.Equal(["red", "green", "blue", "white"], TestImages.QuarterNames(shot));
    }

    [Fact]
    public void Lossless_webp_is_exact()
    {
        using var bitmap = TestImages.QuartersBitmap(8, 8);
        using var pixmap = bitmap.PeekPixels();
        using var webp = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50));
        var png = Screenshot.Decode(TestImages.Quarters(SKEncodedImageFormat.Png, 8, 8));
        Assert.Equal(png.Rgb, Screenshot.Decode(webp!.ToArray()).Rgb);
    }

    [Fact]
    public void Alpha_is_composited_over_white_in_8_bit_arithmetic()
    {
        byte[] row = [10, 20, 30, 0, 10, 20, 30, 128, 10, 20, 30, 255, 200, 0, 1, 77];
        var shot = Screenshot.Decode(PngFile.Build(4, 1, 8, PngFile.Rgba, [row]));
        // t = 255·(255−α) + c·α + 128; out = ((t >> 8) + t) >> 8
        Assert.Equal([255, 255, 255, 132, 137, 142, 10, 20, 30, 238, 178, 178], shot.Rgb);
    }

    [Fact]
    public void Alpha_can_be_ignored_as_OpenCUA_does()
    {
        byte[] row = [10, 20, 30, 0, 200, 0, 1, 77];
        Assert.Equal([10, 20, 30, 200, 0, 1],
            Screenshot.Decode(PngFile.Build(2, 1, 8, PngFile.Rgba, [row]), transparency: Transparency.Ignored).Rgb);
    }

    [Fact]
    public void Gray_with_alpha_and_transparent_palettes_are_composited_too()
    {
        Assert.Equal([255, 255, 255, 9, 9, 9], Screenshot.Decode(PngFile.Build(2, 1, 8, PngFile.GrayAlpha, [[9, 0, 9, 255]])).Rgb);
        Assert.Equal([255, 255, 255], Screenshot.Decode(
            PngFile.Build(1, 1, 8, PngFile.Palette, [[0]], ("PLTE", [1, 2, 3]), ("tRNS", [0]))).Rgb);
    }

    [Theory]
    [InlineData(1, "red", "green", "blue", "white")]
    [InlineData(2, "green", "red", "white", "blue")]
    [InlineData(3, "white", "blue", "green", "red")]
    [InlineData(4, "blue", "white", "red", "green")]
    [InlineData(5, "red", "blue", "green", "white")]
    [InlineData(6, "blue", "red", "white", "green")]
    [InlineData(7, "white", "green", "blue", "red")]
    [InlineData(8, "green", "white", "red", "blue")]
    public void Exif_orientation_is_applied(byte orientation, params string[] quarters)
    {
        var shot = Screenshot.Decode(TestImages.WithOrientation(TestImages.Quarters(SKEncodedImageFormat.Jpeg, 48, 32), orientation));
        Assert.Equal(orientation < 5 ? (48, 32) : (32, 48), (shot.Width, shot.Height));
        Assert.Equal(quarters, TestImages.QuarterNames(shot));
    }

    [Fact]
    public void Equal_pictures_have_equal_hashes_and_the_size_counts()
    {
        var wide = Screenshot.FromRgb(s_fourPixels, 4, 1);
        Assert.Equal(wide.ContentHash, Screenshot.FromRgb([.. s_fourPixels], 4, 1).ContentHash);
        Assert.NotEqual(wide.ContentHash, Screenshot.FromRgb(s_fourPixels, 2, 2).ContentHash);
        Assert.Matches("^[0-9a-f]{64}$", wide.ContentHash);
    }
}
