using CsCheck;
using StarKV.Act;

namespace StarKV.Tests.Act;

public class CoordinateMapperTests
{
    private static readonly Gen<CoordinateMapper> Mappers = Gen.Select(
        Gen.Enum<CoordinateConvention>(), Gen.Int[100, 8000], Gen.Int[100, 8000], (convention, width, height) => CoordinateMapper.For(convention, width, height));

    [Fact]
    public void Coordinates_survive_the_way_to_the_model_and_to_the_screen_and_back() =>
        Gen.Select(Mappers, Gen.Double[-0.5, 1.5], Gen.Double[-0.5, 1.5]).Sample((mapper, x, y) =>
        {
            var point = new ScreenPoint(x, y);
            var model = mapper.ToModel(point);
            var screen = mapper.ToScreen(point);
            return IsClose(point, mapper.FromModel(model.X, model.Y)) && IsClose(point, mapper.FromScreen(screen.X, screen.Y));
        });

    [Fact]
    public void The_pixel_to_act_on_is_always_on_the_screen() =>
        Gen.Select(Mappers, Gen.Double[-2, 3], Gen.Double[-2, 3]).Sample((mapper, x, y) =>
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

    private static bool IsClose(ScreenPoint a, ScreenPoint b) => Math.Abs(a.X - b.X) < 1e-12 && Math.Abs(a.Y - b.Y) < 1e-12;
}
