using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>In code, <c>click(x=1, y=0)</c> went to the right edge of the screen.</summary>
public sealed class WholeNumbersWereShares
{
    [Theory]
    [InlineData("x=1, y=0", 1 / 1932.0, 0, false)]
    [InlineData("x=1, y=1", 1 / 1932.0, 1 / 1092.0, false)]
    [InlineData("x=0, y=0", 0, 0, false)]
    [InlineData("x=1.0, y=0", 1, 0, true)]
    [InlineData("x=1, y=0.5", 1, 0.5, true)]
    [InlineData("x=966.0, y=0.5", 0.5, 0.5 / 1092, false)]
    public void Only_numbers_with_a_decimal_point_are_shares(string numbers, double x, double y, bool areShares)
    {
        var answer = OpenCuaActionParser.Parse($"pyautogui.click({numbers})", CoordinateMapper.ForModelPixels(1920, 1080));

        Assert.Equal(new ScreenPoint(x, y), answer.First!.Point);
        Assert.Equal(areShares, answer.Diagnostics.Any(d => d.Code == DiagnosticCodes.RelativeCoordinates));
    }
}
