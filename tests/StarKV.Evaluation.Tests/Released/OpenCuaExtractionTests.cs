using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class OpenCuaExtractionTests
{
    private static string Read(string code)
    {
        var (actions, error) = OpenCuaExtraction.Read(code, 100, 50);
        Assert.Null(error);
        return string.Join("; ", actions);
    }

    [Theory]
    [InlineData("Click.\n  pyautogui.click(x=1, y=2) \n# computer.\ncomputer.terminate()\n", "pyautogui.click(x=1, y=2)\ncomputer.terminate()")]
    [InlineData("computer.wait()", "computer.wait()")]
    [InlineData("I run pyautogui.click(x=1, y=2)", null)]
    [InlineData("", null)]
    public void Lines_of_code_begin_with_the_module(string answer, string? lines) => Assert.Equal(lines, OpenCuaExtraction.CodeLines(answer));

    [Theory]
    [InlineData("pyautogui.click(x=50, y=10)", "click (0.5,0.2)")]
    [InlineData("pyautogui.moveTo(x=50,y=10)", "moveTo (0.5,0.2)")]
    [InlineData("pyautogui.dragTo(x=50, y=10, button='left')", "dragTo (0.5,0.2)")]
    [InlineData("pyautogui.doubleClick(x=50, y=10)", "doubleClick (0.5,0.2)")]
    [InlineData("pyautogui.rightClick(x=50, y=10)", "rightClick (0.5,0.2)")]
    [InlineData("pyautogui.doubleClick(x=50, y=10, clicks=1)", "doubleClick (0.5,0.2)")] // “click” stands in it, and yet
    [InlineData("pyautogui.rightClick(x=50, y=10, clicks=1)", "rightClick (0.5,0.2)")]
    [InlineData("pyautogui.moveTo(x=50, y=10, clicks=1)", "click (0.5,0.2)")]
    [InlineData("pyautogui.middleClick(x=50, y=10)", "")]
    [InlineData("pyautogui.click()", "")]
    [InlineData("pyautogui.moveTo(50, 10)", "")]
    [InlineData("computer.triple_click(x=50, y=10)", "triple_click (0.5,0.2)")]
    [InlineData("computer.triple_click()", "")]
    [InlineData("computer.click(x=50, y=10)", "")]
    [InlineData("click(x=50, y=10)", "")]
    [InlineData("computer.press('a')", "")]
    [InlineData("computer.terminate(status='success')", "terminate success")]
    [InlineData("computer.terminate()", "")]
    [InlineData("pyautogui.terminate(status='success')", "")]
    [InlineData("  pyautogui.click(x=50, y=10)\nno code\npyautogui.press('a')", "click (0.5,0.2); press [a]")]
    public void Points_are_divided_by_the_size(string code, string read) => Assert.Equal(read, Read(code));

    [Theory]
    [InlineData("pyautogui.write(message='a b')", "write a b")]
    [InlineData("pyautogui.write('a b')", "write a b")]
    [InlineData("pyautogui.write(\"a b\")", "write a b")]
    [InlineData("pyautogui.write(message=\"It's\")", "write It")]
    [InlineData("pyautogui.write('a', interval=1)", "")]
    [InlineData("pyautogui.press('Esc')", "press [Esc]")]
    [InlineData("pyautogui.press('a', 'b')", "press [a]")]
    [InlineData("pyautogui.press(['a'])", "press [a]")]
    [InlineData("pyautogui.press(['a', 'b'])", "hotkey [a, b]")]
    [InlineData("pyautogui.press()", "")]
    [InlineData("pyautogui.press(keys=['a', 'b'])", "press [a, b]")]
    [InlineData("pyautogui.press(keys=[a, 'b'])", "press [a, b]")]
    [InlineData("pyautogui.press(keys=[''])", "press []")]
    [InlineData("pyautogui.hotkey('a')", "hotkey [a]")]
    [InlineData("pyautogui.hotkey(' Cmd ', 'command', 'c')", "hotkey [ctrl, ctrl, c]")]
    [InlineData("pyautogui.hotkey(keys=['CMD', 'cmds'])", "hotkey [ctrl, cmds]")]
    [InlineData("pyautogui.hotkey()", "hotkey []")]
    [InlineData("pyautogui.scroll(-5)", "scroll -5")]
    [InlineData("pyautogui.scroll(5, x=50, y=10)", "")]
    public void Texts_keys_and_amounts_are_read_from_the_line(string code, string read) => Assert.Equal(read, Read(code));

    [Fact]
    public void A_number_that_Python_refuses_is_a_ValueError_for_the_whole_answer()
    {
        var (actions, error) = OpenCuaExtraction.Read("pyautogui.press('a')\npyautogui.click(x=1.2.3, y=2)", 1, 1);
        Assert.Empty(actions);
        Assert.Equal("ValueError", error!.Exception);
    }
}
