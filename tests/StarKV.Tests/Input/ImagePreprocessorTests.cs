using StarKV.Input;

namespace StarKV.Tests.Input;

public class ImagePreprocessorTests
{
    [Fact]
    public void Screens_are_resized_once_and_keep_their_own_size_for_actions()
    {
        var image = ImagePreprocessor.Evaluation.Prepare(Screenshot.FromRgb(new byte[1280 * 720 * 3], 1280, 720));
        Assert.Equal((1288, 728, 1280, 720), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        Assert.Equal(1196, image.Grid.Tokens);
    }

    [Fact]
    public void A_small_picture_goes_through_both_steps()
    {
        var pixels = new byte[200 * 100 * 3];
        new Random(1).NextBytes(pixels);
        var image = ImagePreprocessor.Evaluation.Prepare(Screenshot.FromRgb(pixels, 200, 100));
        var once = BicubicResampler.Resize(pixels, 200, 100, 196, 112);
        var size = new SmartResize(MinPixels: 78_400).Fit(196, 112);
        Assert.Equal(size, (image.Width, image.Height));
        Assert.Equal(size, ImagePreprocessor.Evaluation.Fit(200, 100));
        Assert.Equal(BicubicResampler.Resize(once, 196, 112, size.Width, size.Height), image.Rgb);
    }

    [Fact]
    public void A_picture_that_fits_is_not_copied()
    {
        var shot = Screenshot.FromRgb(new byte[280 * 280 * 3], 280, 280);
        Assert.Same(shot.Rgb, shot.ForModel(SmartResize.Default).Rgb);
    }

    [Fact]
    public void Thin_pictures_differ_between_the_utilities_and_the_processor()
    {
        Assert.Equal((308, 28), SmartResize.Default.Fit(300, 14));
        Assert.Equal((280, 28), (SmartResize.Default with { LiftThinSides = false }).Fit(300, 14));
    }

    [Fact]
    public void Ribbons_are_refused() =>
        Assert.Contains("200:1", Assert.Throws<StarKvException>(
            () => Screenshot.FromRgb(new byte[6030], 2010, 1).ForModel(SmartResize.Default)).Message, StringComparison.Ordinal);
}
