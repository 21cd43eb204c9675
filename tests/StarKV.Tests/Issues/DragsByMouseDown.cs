using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>Of a drag written as <c>mouseDown</c> and <c>mouseUp</c> two hovers were left.</summary>
public sealed class DragsByMouseDown
{
    private static ParsedAnswer Parse(string code) =>
        OpenCuaActionParser.Parse($"pyautogui.{code.Replace(" ; ", "\npyautogui.", StringComparison.Ordinal)}", OutsideAnswers.Screen);

    [Theory]
    [InlineData(
        "moveTo(483, 273) ; mouseDown() ; moveTo(966, 273) ; mouseUp()",
        "hover (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(
        "mouseDown(x=483, y=273, button='left') ; mouseUp(x=966, y=273)",
        "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(
        "mouseDown(483, 273) ; moveTo(1, 1) ; moveTo(966, 273) ; mouseUp()",
        "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(
        "click(483, 273) ; mouseDown() ; moveTo(966, 273) ; mouseUp()",
        "click (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(
        "moveTo(483, 273) ; keyDown('ctrl') ; dragTo(966, 273) ; keyUp('ctrl')",
        "hover (0.25,0.25); press ctrl; drag (0.25,0.25) → (0.5,0.25); release ctrl")]
    [InlineData("mouseDown(483, 273) ; mouseUp()", "click (0.25,0.25)")]
    [InlineData(
        "mouseDown(483, 273, button='right') ; mouseUp(button='right')",
        "right_single (0.25,0.25)")]
    public void A_pair_is_a_drag_or_a_click(string code, string actions)
    {
        var answer = Parse(code);

        Assert.Equal(actions, string.Join("; ", answer.Actions));
        Assert.Empty(answer.Diagnostics);
    }

    [Theory]
    [InlineData("mouseDown(483, 273)")]
    [InlineData("mouseDown(483, 273) ; moveRel(50, 0) ; mouseUp()")]
    [InlineData("mouseDown(483, 273, button='right') ; mouseUp(966, 273)")]
    public void Half_a_drag_is_an_error(string code)
    {
        var answer = Parse(code);

        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.MissingArgument, answer.Reason);
    }
}
