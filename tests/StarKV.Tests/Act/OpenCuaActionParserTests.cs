using CsCheck;
using StarKV.Act;

namespace StarKV.Tests.Act;

public sealed class OpenCuaActionParserTests
{
    // Resized to 1932×1092.
    private static readonly CoordinateMapper s_screen = CoordinateMapper.ForModelPixels(1920, 1080);

    private static ParsedAnswer Parse(string code) => OpenCuaActionParser.Parse(code, s_screen);

    private static string Read(string code) => string.Join("; ", Parse(code).Actions);

    [Theory]
    [InlineData("pyautogui.click(x=483, y=273)", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273)", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(y = 273, x = 483)", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(x=0.25, y=0.5)", "click (0.25,0.5)")]
    [InlineData("pyautogui.click(x=483, y=273, button='right')", "right_single (0.25,0.25)")]
    [InlineData("pyautogui.click(x=483, y=273, clicks=2)", "left_double (0.25,0.25)")]
    [InlineData("pyautogui.doubleClick(x=483, y=273)", "left_double (0.25,0.25)")]
    [InlineData("pyautogui.middleClick(x=483, y=273)", "middle_click (0.25,0.25)")]
    [InlineData("pyautogui.tripleClick(x=483, y=273)", "triple_click (0.25,0.25)")]
    [InlineData("computer.triple_click(x=966, y=273)", "triple_click (0.5,0.25)")]
    [InlineData("pyautogui.moveTo(x=483, y=273)  # then click", "hover (0.25,0.25)")]
    [InlineData("pyautogui.moveTo(x=483, y=273)\npyautogui.dragTo(x=966, y=273, button='left')", "hover (0.25,0.25); drag (0.25,0.25) → (0.5,0.25)")]
    [InlineData("pyautogui.write(message='red shoes')", "type \"red shoes\"")]
    [InlineData("pyautogui.write('hello, world', interval=0.05)", "type \"hello, world\"")]
    [InlineData("pyautogui.write(message=\"It's late\")", "type \"It's late\"")]
    [InlineData("pyautogui.write('a pyautogui.click(1, 2) inside')", "type \"a pyautogui.click(1, 2) inside\"")]
    [InlineData("pyautogui.press('esc')", "hotkey esc")]
    [InlineData("pyautogui.press(keys=['enter'])", "hotkey enter")]
    [InlineData("pyautogui.press('down', presses=3)", "hotkey down+down+down")]
    [InlineData("pyautogui.hotkey('Ctrl ', 'shift', 't')", "hotkey ctrl+shift+t")]
    [InlineData("pyautogui.hotkey(keys=['cmd', 'c'])", "hotkey cmd+c")]
    [InlineData("pyautogui.hotkey(['ctrl', 'v'])", "hotkey ctrl+v")]
    [InlineData("pyautogui.keyDown('shift')\npyautogui.keyUp('shift')", "press shift; release shift")]
    [InlineData("pyautogui.scroll(-5)", "scroll down")]
    [InlineData("pyautogui.scroll(clicks=5)", "scroll up")]
    [InlineData("pyautogui.scroll(-10, x=483, y=273)", "scroll down (0.25,0.25)")]
    [InlineData("pyautogui.hscroll(10)", "scroll right")]
    [InlineData("computer.terminate(status='failure')", "finished \"failure\"")]
    [InlineData("import time\ntime.sleep(2)", "wait")]
    [InlineData("pyautogui.click(x=483, y=273); pyautogui.press('enter')", "click (0.25,0.25); hotkey enter")]
    [InlineData("I would run pyautogui.click(x=483, y=273) now.", "click (0.25,0.25)")]
    [InlineData("```python pyautogui.click(x=483, y=273)```", "click (0.25,0.25)")]
    [InlineData("# pyautogui.click(x=1, y=2)\npyautogui.press('a')", "hotkey a")]
    public void Code_is_read_as_actions(string code, string expected) => Assert.Equal(expected, Read(code));

    [Fact]
    public void Only_the_code_block_counts_and_the_thought_is_kept()
    {
        var answer = Parse("## Thought:\nNot pyautogui.click(x=1, y=1) here.\n\n## Action:\nClick.\n\n## Code:\n```python\npyautogui.click(x=483, y=273)\n```");
        Assert.Equal("click (0.25,0.25)", answer.First!.ToString());
        Assert.Single(answer.Actions);
        Assert.Equal("Not pyautogui.click(x=1, y=1) here.", answer.Thought);
        Assert.Equal("pyautogui.click(x=483, y=273)", answer.First.Source);
    }

    [Theory]
    [InlineData("", DiagnosticCodes.NoAction)]
    [InlineData("Click the close button in the top-right corner.", DiagnosticCodes.NoAction)]
    [InlineData("pyautogui.click(x=483)", DiagnosticCodes.BadCoordinates)]
    [InlineData("pyautogui.write()", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.hotkey()", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.scroll(0)", DiagnosticCodes.MissingArgument)]
    public void What_cannot_be_carried_out_says_why(string code, string reason) => Assert.Equal(reason, Parse(code).Reason);

    [Theory]
    [InlineData("pyautogui.click(x=0.25, y=0.5)", DiagnosticCodes.RelativeCoordinates)]
    [InlineData("pyautogui.click(x=-5, y=300)", DiagnosticCodes.OutsideScreen)]
    [InlineData("pyautogui.locateOnScreen('a.png')", DiagnosticCodes.UnknownAction)]
    public void What_is_unusual_is_reported(string code, string finding) => Assert.Contains(Parse(code).Diagnostics, d => d.Code == finding);

    [Fact]
    public void A_click_without_numbers_happens_where_the_pointer_is() => Assert.Null(Parse("pyautogui.click()").First!.Point);

    private static readonly string[] s_scraps =
        ["pyautogui.", "computer.", "click(", "write(", "x=", "y=", "'", "\"", "[", "]", "(", ")", ",", "1", "-", "\n", "```", "#", "keys=", "é", "\\"];

    [Fact]
    public void No_text_makes_it_throw() => Gen.Int[0, s_scraps.Length - 1].Array[0, 30].Sample(parts => Parse(string.Concat(parts.Select(i => s_scraps[i]))));
}
