using SkiaSharp;
using StarKV.Input;
using StarKV.Tests.Input;

namespace StarKV.Tests.Issues;

/// <summary>A PNG with an animation's header was refused, although the header says one frame.</summary>
[Trait("outside", "1.9")]
public sealed class FramesWereGuessedFromAChunk
{
    private static readonly byte[] s_still = TestImages.Quarters(SKEncodedImageFormat.Png, 48, 32);

    /// <summary>A PNG whose header announces frames, with controls before and behind its pixels.</summary>
    private static byte[] Animation(byte announced, int before, int behind)
    {
        var png = s_still;
        // Each goes directly before the pixels, so the header is put in first.
        png = PngFile.With(png, "acTL", [0, 0, 0, announced, 0, 0, 0, 0]);
        for (var i = 0; i < before; i++)
            png = PngFile.With(png, "fcTL", new byte[26]);
        for (var i = 0; i < behind; i++)
            png = PngFile.With(png, "fcTL", new byte[26], behindPixels: true);
        return png;
    }

    private static void Refused(byte[] file) =>
        Assert.Contains("is animated; one frame is accepted", Assert.Throws<StarKvException>(() => Screenshot.Decode(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_another_writer_with_one_frame_is_accepted()
    {
        var shot = Screenshot.Load(RepositoryFiles.Path("tests", "vectors", "outside", "models", "images", "apng1.png"));
        Assert.Equal((60, 40), (shot.Width, shot.Height));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 0, 0)]
    public void One_picture_is_accepted(byte announced, int before, int behind) =>
        Assert.Equal(["red", "green", "blue", "white"], TestImages.QuarterNames(Screenshot.Decode(Animation(announced, before, behind))));

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(2, 0, 0)]
    // The picture for readers that know no animations, and one frame that is another.
    [InlineData(1, 0, 1)]
    // The header says less than the file holds.
    [InlineData(1, 1, 2)]
    public void Several_pictures_are_refused(byte announced, int before, int behind) => Refused(Animation(announced, before, behind));

    [Fact]
    public void Controls_without_the_header_are_no_animation() =>
        Assert.Equal(48, Screenshot.Decode(PngFile.With(PngFile.With(s_still, "fcTL", new byte[26]), "fcTL", new byte[26], behindPixels: true)).Width);

    [Fact]
    public void A_header_behind_the_pixels_counts_for_nothing() =>
        Assert.Equal(48, Screenshot.Decode(PngFile.With(s_still, "acTL", [0, 0, 0, 2, 0, 0, 0, 0], behindPixels: true)).Width);

    [Fact]
    public void A_webp_counts_its_frames_too()
    {
        Assert.Equal(8, Screenshot.Decode(TestImages.AnimatedWebp(frames: 1)).Width);
        Refused(TestImages.AnimatedWebp(frames: 2));
    }
}
