using StarKV.Act;

namespace StarKV.Tests.Act;

public class ScreenPointTests
{
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(0, 1, true)]
    [InlineData(0.5, 0.5, true)]
    [InlineData(-0.01, 0.5, false)]
    [InlineData(1.01, 0.5, false)]
    [InlineData(0.5, -0.01, false)]
    [InlineData(0.5, 1.01, false)]
    [InlineData(double.NaN, 0.5, false)]
    public void The_edges_are_on_the_screen(double x, double y, bool isOnScreen) => Assert.Equal(isOnScreen, new ScreenPoint(x, y).IsOnScreen);

    [Fact]
    public void A_box_is_on_the_screen_with_both_corners_and_its_centre_is_in_the_middle()
    {
        Assert.True(new ActionBox(new(0, 0), new(1, 1)).IsOnScreen);
        Assert.False(new ActionBox(new(0, 0), new(2, 1)).IsOnScreen);
        Assert.False(new ActionBox(new(0, -1), new(1, 1)).IsOnScreen);
        Assert.Equal(new ScreenPoint(0.5, 0.75), new ActionBox(new(0.25, 0.5), new(0.75, 1)).Center);
        Assert.Equal(new ScreenPoint(0.25, 0.5), ActionBox.At(new(0.25, 0.5)).Center);
    }

    [Fact]
    public void The_centre_of_a_point_is_the_point_however_large_its_numbers() =>
        Assert.Equal(new ScreenPoint(double.MaxValue, 0), ActionBox.At(new(double.MaxValue, 0)).Center);
}
