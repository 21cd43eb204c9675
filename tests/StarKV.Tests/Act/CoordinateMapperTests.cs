using CsCheck;
using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Act;

public class CoordinateMapperTests
{
    private static readonly Gen<CoordinateMapper> s_mappers = Gen.Select(
        Gen.Enum<CoordinateConvention>(), Gen.Int[100, 8000], Gen.Int[100, 8000], (convention, width, height) => CoordinateMapper.For(convention, width, height));

    [Fact]
    public void Coordinates_survive_the_way_to_the_model_and_to_the_screen_and_back() =>
        Gen.Select(s_mappers, Gen.Double[-0.5, 1.5], Gen.Double[-0.5, 1.5]).Sample((mapper, x, y) =>
        {
            var point = new ScreenPoint(x, y);
            var model = mapper.ToModel(point);
            var screen = mapper.ToScreen(point);
            return IsClose(point, mapper.FromModel(model.X, model.Y)) && IsClose(point, mapper.FromScreen(screen.X, screen.Y));
        });

    [Fact]
    public void The_pixel_to_act_on_is_always_on_the_screen() =>
        Gen.Select(s_mappers, Gen.Double[-2, 3], Gen.Double[-2, 3]).Sample((mapper, x, y) =>
        {
            var pixel = mapper.ToScreenPixel(new(x, y));
            return pixel.X >= 0 && pixel.X < mapper.ScreenWidth && pixel.Y >= 0 && pixel.Y < mapper.ScreenHeight;
        });

    [Fact]
    public void Model_pixels_are_those_of_the_resized_image()
    {
        var mapper = CoordinateMapper.ForModelPixels(1920, 1080);

        Assert.Equal((1932, 1092), (mapper.ModelWidth, mapper.ModelHeight));
        Assert.Equal(new ScreenPoint(0.5, 0.5), mapper.FromModel(966, 546));
        Assert.Equal((960, 540), mapper.ToScreenPixel(new(0.5, 0.5)));
    }

    [Fact]
    public void Thousandths_do_not_depend_on_the_screen() =>
        Assert.Equal(new ScreenPoint(0.5, 0.25), CoordinateMapper.ForThousandths(1920, 1080).FromModel(500, 250));

    [Fact]
    public void An_impossible_side_ratio_says_so() =>
        Assert.Contains("200", Assert.Throws<StarKvException>(() => CoordinateMapper.ForModelPixels(8100, 40)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_limits_decide_the_size_that_the_model_sees()
    {
        // Of at most 105 patches of 28×28 a square has ten by ten.
        var mapper = CoordinateMapper.For(CoordinateConvention.ModelPixels, 1000, 1000, new(28 * 28, 105 * 28 * 28));
        Assert.Equal((280, 280), (mapper.ModelWidth, mapper.ModelHeight));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-1, -1)]
    public void A_screen_without_pixels_says_so(int width, int height)
    {
        var message = Assert.Throws<StarKvException>(() => CoordinateMapper.ForThousandths(width, height)).Message;
        Assert.Contains(FormattableString.Invariant($"{width}×{height}"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_pixel_is_a_screen()
    {
        var mapper = CoordinateMapper.ForThousandths(1, 1);
        Assert.Equal((0, 0), mapper.ToScreenPixel(new(0.5, 1)));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 99, 199)]
    [InlineData(0.124, 0.312, 12, 62)]
    [InlineData(0.125, 0.3125, 13, 63)]
    [InlineData(-3, 7, 0, 199)]
    public void A_pixel_is_rounded_half_up_and_moved_to_the_nearest_edge(double x, double y, int pixelX, int pixelY) =>
        Assert.Equal((pixelX, pixelY), CoordinateMapper.ForThousandths(100, 200).ToScreenPixel(new(x, y)));

    private static bool IsClose(ScreenPoint a, ScreenPoint b) => Math.Abs(a.X - b.X) < 1e-12 && Math.Abs(a.Y - b.Y) < 1e-12;
}
