using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>Of a drag written as <c>mouseDown</c> and <c>mouseUp</c> two hovers were left, and whole numbers 0 and 1 were shares of the screen.</summary>
public sealed class DragsByMouseDown
{
    private static ParsedAnswer Parse(string code) => OpenCuaActionParser.Parse(code.Replace(" ; ", "\n", StringComparison.Ordinal), CoordinateMapper.ForModelPixels(1920, 1080));

    [Theory]
    [InlineData("pyautogui.moveTo(483, 273) ; pyautogui.mouseDown() ; pyautogui.moveTo(966, 273) ; pyautogui.mouseUp()", "hover (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.mouseDown(x=483, y=273, button='left') ; pyautogui.mouseUp(x=966, y=273)", "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.mouseDown(483, 273) ; pyautogui.moveTo(1, 1) ; pyautogui.moveTo(966, 273) ; pyautogui.mouseUp()", "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.click(483, 273) ; pyautogui.mouseDown() ; pyautogui.moveTo(966, 273) ; pyautogui.mouseUp()", "click (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.moveTo(483, 273) ; pyautogui.keyDown('ctrl') ; pyautogui.dragTo(966, 273) ; pyautogui.keyUp('ctrl')", "hover (0.25,0.25); press ctrl; drag (0.25,0.25) → (0.5,0.25); release ctrl")]
    [InlineData("pyautogui.mouseDown(483, 273) ; pyautogui.mouseUp()", "click (0.25,0.25)")]
    [InlineData("pyautogui.mouseDown(483, 273, button='right') ; pyautogui.mouseUp(button='right')", "right_single (0.25,0.25)")]
    public void A_pair_is_a_drag_or_a_click(string code, string actions)
    {
        var answer = Parse(code);

        Assert.Equal(actions, string.Join("; ", answer.Actions));
        Assert.Empty(answer.Diagnostics);
    }

    [Theory]
    [InlineData("pyautogui.mouseDown(483, 273)")]
    [InlineData("pyautogui.mouseDown(483, 273) ; pyautogui.moveRel(50, 0) ; pyautogui.mouseUp()")]
    [InlineData("pyautogui.mouseDown(483, 273, button='right') ; pyautogui.mouseUp(966, 273)")]
    public void Half_a_drag_is_an_error(string code)
    {
        var answer = Parse(code);

        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.MissingArgument, answer.Reason);
    }

    [Theory]
    [InlineData("pyautogui.click(x=1, y=0)", 1 / 1932.0, 0)]
    [InlineData("pyautogui.click(x=1, y=1)", 1 / 1932.0, 1 / 1092.0)]
    [InlineData("pyautogui.click(x=0, y=0)", 0, 0)]
    [InlineData("pyautogui.click(x=1.0, y=0)", 1, 0)]
    [InlineData("pyautogui.click(x=1, y=0.5)", 1, 0.5)]
    public void Whole_numbers_are_pixels(string code, double x, double y)
    {
        var answer = Parse(code);

        Assert.Equal(new ScreenPoint(x, y), answer.First!.Point);
        Assert.Equal(code.Contains('.', StringComparison.Ordinal) && code.LastIndexOf('.') > 10, answer.Diagnostics.Any(d => d.Code == DiagnosticCodes.RelativeCoordinates));
    }
}
