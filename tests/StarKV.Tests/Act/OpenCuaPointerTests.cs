using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Where the pointer is between calls. A drag of UI-TARS is <c>mouseDown</c>, moves and <c>mouseUp</c> here.</summary>
public class OpenCuaPointerTests
{
    private const string Down = "pyautogui.mouseDown(483, 273)\n";
    private const string Move = "pyautogui.moveTo(966, 273)\n";
    private const string Up = "pyautogui.mouseUp()\n";

    [Theory]
    [InlineData(Down + Up, "click (0.25,0.25)")]
    [InlineData(Down + Move + Up, "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(Down + Move + "pyautogui.moveTo(966, 546)\n" + Up, "drag (0.25,0.25) → (0.5,0.5)")]
    [InlineData(Down + "pyautogui.mouseUp(966, 273)", "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(Down + Move + "pyautogui.mouseUp(483, 273)", "click (0.25,0.25)")]
    [InlineData("pyautogui.mouseDown()\n" + Up, "click")]
    [InlineData("pyautogui.mouseDown()\n" + Move + Up, "drag → (0.5,0.25)")]
    [InlineData("pyautogui.mouseDown(483, 273, 'right')\n" + Up, "right_single (0.25,0.25)")]
    [InlineData("pyautogui.mouseDown(483, 273, button='middle')\n" + Up, "middle_click (0.25,0.25)")]
    [InlineData(Move + "pyautogui.mouseDown()\n" + Up, "hover (0.5,0.25); click (0.5,0.25)")]
    [InlineData("pyautogui.click(483, 273)\npyautogui.mouseDown()\n" + Move + Up, "click (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(Down + Move + Up + Move, "drag (0.25,0.25) → (0.5,0.25); hover (0.5,0.25)")]
    [InlineData("pyautogui.click(483, 273)\npyautogui.dragTo(966, 273)", "click (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.dragTo(966, 273)\npyautogui.dragTo(966, 546)", "drag → (0.5,0.25); drag (0.5,0.25) → (0.5,0.5)")]
    [InlineData(
        "pyautogui.click(483, 273)\npyautogui.dragTo(966, 273)\npyautogui.dragTo(966, 546)",
        "click (0.25,0.25); drag (0.25,0.25) → (0.5,0.25); drag (0.5,0.25) → (0.5,0.5)")]
    [InlineData("pyautogui.dragTo(966, 273)\npyautogui.click()", "drag → (0.5,0.25); click")]
    public void A_drag_begins_and_ends_where_the_pointer_is(string code, string lines) => AssertActions(code, lines);

    [Theory]
    [InlineData(Down, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + Move, DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.mouseDown(483, 273, 'right')\n" + Move + Up, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + "pyautogui.moveTo(x, y)\n" + Up, DiagnosticCodes.BadCoordinates, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + "pyautogui.move(9, 9)\n" + Up, DiagnosticCodes.UnknownAction, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + "pyautogui.moveRel(9, 9)\n" + Up, DiagnosticCodes.UnknownAction, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + "pyautogui.drag(9, 9)\n" + Up, DiagnosticCodes.UnknownAction, DiagnosticCodes.MissingArgument)]
    [InlineData(Down + "pyautogui.dragRel(9, 9)\n" + Up, DiagnosticCodes.UnknownAction, DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.moveRel(9, 9)\npyautogui.mouseDown()\n" + Up, DiagnosticCodes.UnknownAction, DiagnosticCodes.MissingArgument)]
    public void A_drag_without_a_known_end_is_no_action(string code, params string[] codes) => AssertActions(code, "", [.. codes, DiagnosticCodes.NoAction]);

    [Theory]
    [InlineData(Down + "pyautogui.moveRel(9, 9)\n" + Move + Up, "drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData(Down + "pyautogui.size()\n" + Up, "click (0.25,0.25)")]
    [InlineData(Down + Up + Up, "click (0.25,0.25)")]
    [InlineData("pyautogui.click(966, 273)\npyautogui.moveRel(9, 9)\npyautogui.dragTo(483, 273)", "click (0.5,0.25); drag → (0.25,0.25)")]
    public void What_is_unknown_in_between_is_left_out(string code, string lines) => AssertActions(code, lines, DiagnosticCodes.UnknownAction);

    private static void AssertActions(string code, string lines, params string[] codes)
    {
        var answer = OpenCuaActionParser.Parse(code, Answers.Screen);
        Assert.Equal((lines, string.Join(' ', codes)), (string.Join("; ", answer.Actions), string.Join(' ', answer.Diagnostics.Select(d => d.Code))));
    }
}
