using SkiaSharp;
using StarKV.Input;
using StarKV.Tests.Input;

namespace StarKV.Tests.Issues;

/// <summary>A PNG's EXIF orientation was passed over, and so was a WebP's with JPEG's prefix: clicks landed on a picture that lay on its side.</summary>
[Trait("outside", "1.8")]
public sealed class OrientationWasReadInSomeFormatsOnly
{
    private static readonly string[] s_stored = ["red", "green", "blue", "white"], s_turned = ["blue", "red", "white", "green"];

    private static string Image(string name) => RepositoryFiles.Path("tests", "vectors", "outside", "models", "images", name);

    private static void Turned(Screenshot shot, int width, int height)
    {
        Assert.Equal((width, height), (shot.Width, shot.Height));
        Assert.Equal(s_turned, TestImages.QuarterNames(shot));
    }

    [Theory]
    [InlineData("exif6.png")]
    [InlineData("exif6_hdr.webp")]
    public void Files_of_other_writers_are_turned(string name) => Turned(Screenshot.Load(Image(name)), 40, 60);

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public void A_png_is_turned_wherever_its_block_stands(bool behindPixels, bool little, bool prefix)
    {
        byte[] block = [.. prefix ? "Exif\0\0"u8 : [], .. TestImages.Exif(6, little)];
        Turned(Screenshot.Decode(PngFile.With(TestImages.Quarters(SKEncodedImageFormat.Png, 48, 32), "eXIf", block, behindPixels)), 32, 48);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_webp_is_turned_with_and_without_the_prefix(bool little, bool prefix)
    {
        byte[] block = [.. prefix ? "Exif\0\0"u8 : [], .. TestImages.Exif(6, little)];
        Turned(Screenshot.Decode(TestImages.WebpWithExif(48, 32, block)), 32, 48);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jpeg_is_turned_as_before(bool little) => Turned(
        Screenshot.Decode(TestImages.WithExif(TestImages.Quarters(SKEncodedImageFormat.Jpeg, 48, 32), [.. "Exif\0\0"u8, .. TestImages.Exif(6, little)])), 32, 48);

    [Fact]
    public void A_jpeg_is_turned_behind_other_segments_and_filling_bytes()
    {
        var jpeg = TestImages.WithOrientation(TestImages.Quarters(SKEncodedImageFormat.Jpeg, 48, 32), 6);
        // Another APP1 (XMP), a comment that holds what looks like a marker, and filling bytes.
        byte[] before = [0xFF, 0xE1, 0, 8, .. "http:/"u8, 0xFF, 0xFE, 0, 6, 0xFF, 0xDA, 0xFF, 0xD9, 0xFF, 0xFF];
        Turned(Screenshot.Decode([.. jpeg[..2], .. before, .. jpeg[2..]]), 32, 48);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(255)]
    public void Values_that_mean_nothing_change_nothing(byte orientation)
    {
        foreach (var file in InEveryFormat(TestImages.Exif(orientation)))
        {
            var shot = Screenshot.Decode(file);
            Assert.Equal((48, 32), (shot.Width, shot.Height));
            Assert.Equal(s_stored, TestImages.QuarterNames(shot));
        }
    }

    [Fact]
    public void A_webp_that_does_not_announce_its_block_is_left_as_it_is() =>
        Assert.Equal(s_stored, TestImages.QuarterNames(Screenshot.Decode(TestImages.WebpWithExif(48, 32, TestImages.Exif(6), announced: false))));

    [Fact]
    public void A_picture_without_a_block_is_left_as_it_is() =>
        Assert.All(Formats(), format => Assert.Equal(s_stored, TestImages.QuarterNames(Screenshot.Decode(TestImages.Quarters(format, 48, 32)))));

    [Fact]
    public void A_long_counts_like_a_short_and_other_types_do_not()
    {
        var block = TestImages.Exif(6);
        Assert.Equal(SKEncodedOrigin.RightTop, ExifOrientation.Read(block));
        byte[] longs = [.. block[..12], 0, 4, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0];
        Assert.Equal(SKEncodedOrigin.RightTop, ExifOrientation.Read(longs));
        byte[] text = [.. block];
        text[13] = 2;
        Assert.Equal(SKEncodedOrigin.TopLeft, ExifOrientation.Read(text));
        byte[] several = [.. block];
        several[17] = 2;
        Assert.Equal(SKEncodedOrigin.TopLeft, ExifOrientation.Read(several));
    }

    [Fact]
    public void Cut_and_hostile_blocks_give_the_picture_as_stored()
    {
        var block = TestImages.Exif(6);
        for (var length = 0; length < 20; length++)
            Assert.Equal(SKEncodedOrigin.TopLeft, ExifOrientation.Read(block.AsSpan(0, length)));

        var random = new Random(20261129);
        for (var round = 0; round < 2000; round++)
        {
            byte[] bytes = [.. TestImages.Exif(6, round % 2 == 0)];
            for (var flips = 0; flips < 3; flips++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.InRange((int)ExifOrientation.Read(bytes), 1, 8);
        }

        // The directory lies beyond the end, at the largest offset, or has more entries than there are bytes.
        Assert.Equal(SKEncodedOrigin.TopLeft, ExifOrientation.Read([.. "MM\0*"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. block[8..]]));
        Assert.Equal(SKEncodedOrigin.TopLeft, ExifOrientation.Read([.. "MM\0*"u8, 0, 0, 0, 8, 0xFF, 0xFF]));
        foreach (var file in InEveryFormat([.. "MM\0*"u8, 0xFF, 0xFF, 0xFF, 0xFE]))
            Assert.Equal(s_stored, TestImages.QuarterNames(Screenshot.Decode(file)));
    }

    [Fact]
    public void Lengths_that_lie_end_the_search()
    {
        var random = new Random(7);
        foreach (var whole in InEveryFormat(TestImages.Exif(6)))
        {
            for (var round = 0; round < 500; round++)
            {
                byte[] bytes = [.. whole];
                // Signatures stay, so that each format's walk is what is tried.
                for (var flips = 0; flips < 4; flips++)
                    bytes[12 + random.Next(bytes.Length - 12)] = (byte)(random.Next(2) * 255);
                Assert.InRange((int)ExifOrientation.Of(bytes), 1, 8);
                Assert.InRange((int)ExifOrientation.Of(bytes[..random.Next(12, bytes.Length)]), 1, 8);
            }
        }
    }

    private static SKEncodedImageFormat[] Formats() => [SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp];

    private static byte[][] InEveryFormat(byte[] block) =>
    [
        PngFile.With(TestImages.Quarters(SKEncodedImageFormat.Png, 48, 32), "eXIf", block),
        TestImages.WebpWithExif(48, 32, block),
        TestImages.WithExif(TestImages.Quarters(SKEncodedImageFormat.Jpeg, 48, 32), [.. "Exif\0\0"u8, .. block]),
    ];
}
