using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class OpenCuaGroundingTests
{
    private static string Read(string answer) =>
        OpenCuaGrounding.Points(answer, 100, 50) is var (points, error) && error is not null ? error.Exception : string.Join("; ", points);

    [Theory]
    [InlineData("pyautogui.click(x=50, y=10)", "(0.5,0.2)")]
    [InlineData("pyautogui.click(50, 10, 7)", "(0.5,0.2)")]
    [InlineData("pyautogui.click(y=10, x=50)", "(0.1,1)")]
    [InlineData("pyautogui.click(-5, +.5)", "(-0.05,0.01)")]
    [InlineData("Click.\n  pyautogui.moveTo(50, 10)\n\npyautogui.tripleClick(1, 1)", "(0.5,0.2); (0.01,0.02)")]
    [InlineData("computer.tripleClick(50, 10)", "(0.5,0.2)")]
    [InlineData("computer.triple_click(50, 10)", "")]
    [InlineData("pyautogui.scroll(50, 10)", "")]
    [InlineData("I run pyautogui.click(50, 10)", "")]
    [InlineData("pyautogui.click()\npyautogui.click(50, 10)", "(0.5,0.2)")]
    [InlineData("pyautogui.click(50, 10)\npyautogui.click(x=5)", "ValueError")]
    [InlineData("", "TypeError")]
    [InlineData(" ", "")]
    public void The_first_two_numbers_of_a_call_are_a_point(string answer, string read) => Assert.Equal(read, Read(answer));
}
