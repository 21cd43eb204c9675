using System.Globalization;
using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>Points in texts had the decimal comma and the minus sign of the host's culture.</summary>
public sealed class TextsFollowedTheHostsCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public TextsFollowedTheHostsCulture() => CultureInfo.CurrentCulture = CultureOfTests.Other();

    public void Dispose() => CultureInfo.CurrentCulture = _before;

    [Fact]
    public void Points_and_actions_are_written_alike_everywhere()
    {
        var screen = OutsideAnswers.Screen;
        var click = UiTarsActionParser.Parse("Action: click(start_box='(-483,273.5)')", screen).First!;

        Assert.Equal("(0.25,-0.5)", new ScreenPoint(0.25, -0.5).ToString());
        Assert.Equal("click (-0.25,0.2505)", click.ToString());
        Assert.Equal("click (-480,270)", click.ToString(screen));
    }

    [Fact]
    public void Numbers_are_read_alike_everywhere()
    {
        var screen = OutsideAnswers.Screen;

        Assert.Equal(new ScreenPoint(0.25, 0.5), OpenCuaActionParser.Parse("pyautogui.click(x=0.25, y=0.5)", screen).First!.Point);
        Assert.Equal("hover", OpenCuaActionParser.Parse("pyautogui.moveTo(-5, 2.5)", screen).First!.Name);
    }
}
