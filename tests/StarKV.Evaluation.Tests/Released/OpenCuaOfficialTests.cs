using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class OpenCuaOfficialTests
{
    [Theory]
    [InlineData("pyautogui.click(x=50, y=10)", "pyautogui.click(x=0.5, y=0.2)")]
    [InlineData("pyautogui.click(x=0.5, y=0.2)", "pyautogui.click(x=0.5, y=0.2)")]
    [InlineData("pyautogui.click(x=1, y=10)", "pyautogui.click(x=1, y=10)")]
    [InlineData("pyautogui.click(x=50, y=1)", "pyautogui.click(x=50, y=1)")]
    [InlineData("pyautogui.click(x=0.5, y=10)", "pyautogui.click(x=0.5, y=10)")]
    [InlineData("pyautogui.click(x=50,y=1.5)", "pyautogui.click(x=0.5, y=0.03)")]
    [InlineData("pyautogui.click(x=1.2.3, y=10)", "pyautogui.click(x=1.2.3, y=10)")]
    [InlineData("computer.triple_click(x=50, y=10)", "computer.triple_click(x=50, y=10)")]
    [InlineData("Click.\npyautogui.click(x=50, y=10)\ncomputer.wait()\nI run pyautogui.press('a')", "pyautogui.click(x=0.5, y=0.2)\ncomputer.wait()")]
    [InlineData("I run pyautogui.press('a') and pyautogui.click(x=50, y=10) \nor computer.wait()", "pyautogui.press('a') and\npyautogui.click(x=0.5, y=0.2)")]
    [InlineData("I run computer.wait() now", "computer.wait() now")]
    [InlineData("I do nothing.", null)]
    [InlineData("", null)]
    public void Pixels_become_shares_in_the_text(string answer, string? text) => Assert.Equal(text, OpenCuaOfficial.ActionText(answer, 100, 50));

    [Fact]
    public void Actions_take_the_numbers_as_they_stand()
    {
        Assert.Equal("click (0.5,0.2); terminate success", string.Join("; ", OpenCuaOfficial.Actions("pyautogui.click(x=0.5, y=0.2)\ncomputer.terminate(status='success')")));
        Assert.Empty(OpenCuaOfficial.Actions(null));
    }
}
