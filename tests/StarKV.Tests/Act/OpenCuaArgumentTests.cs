using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Arguments of pyautogui's functions, by name and by place as its documentation has them.</summary>
public class OpenCuaArgumentTests
{
    [Theory]
    [InlineData("pyautogui.leftClick(483, 273)", "click (0.25,0.25)")]
    [InlineData("pyautogui.rightClick(483, 273)", "right_single (0.25,0.25)")]
    [InlineData("computer.tripleClick(483, 273)", "triple_click (0.25,0.25)")]
    [InlineData("pyautogui.click((483, 273))", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(x=[483, 273])", "click (0.25,0.25)")]
    [InlineData("pyautogui.click('483', '273')", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, 2)", "left_double (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, clicks=3)", "triple_click (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, 1, 0.1, 'right')", "right_single (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, button='secondary')", "right_single (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, button='PRIMARY')", "click (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, button='middle')", "middle_click (0.25,0.25)")]
    [InlineData("pyautogui.click(483, 273, button=pyautogui.RIGHT)", "right_single (0.25,0.25)")]
    [InlineData("pyautogui.click(button='right')", "right_single")]
    [InlineData("pyautogui.click( )", "click")]
    [InlineData("pyautogui.write(text='a')", "type \"a\"")]
    [InlineData("pyautogui.typewrite('a', 0.1)", "type \"a\"")]
    [InlineData("pyautogui.write('a', message='b')", "type \"b\"")]
    [InlineData("pyautogui.write('a' 'b' + 'c')", "type \"abc\"")]
    [InlineData("pyautogui.scroll(5, 483, 273)", "scroll up (0.25,0.25)")]
    [InlineData("pyautogui.scroll(5, (483, 273))", "scroll up (0.25,0.25)")]
    [InlineData("pyautogui.vscroll(-3)", "scroll down")]
    [InlineData("pyautogui.hscroll(-3)", "scroll left")]
    [InlineData("computer.terminate('success')", "finished \"success\"")]
    [InlineData("computer.terminate()", "finished")]
    public void An_argument_is_read_by_its_name_or_place(string code, string lines) => AssertActions(code, lines);

    [Theory]
    [InlineData("time.sleep(2)", 2.0)]
    [InlineData("time.sleep(secs=1.5)", 1.5)]
    [InlineData("pyautogui.sleep(3)", 3.0)]
    [InlineData("computer.wait(seconds=4)", 4.0)]
    [InlineData("computer.wait()", null)]
    public void A_wait_has_its_time(string code, double? time)
    {
        var action = Assert.Single(Parse(code).Actions);
        Assert.Equal(("wait", time), (action.Name, action.Time));
    }

    // A whole number is a pixel; a point makes both numbers shares.
    [Theory]
    [InlineData("0.0, 0.5", 0, 0.5, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("0.5, 0.0", 0.5, 0, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("1.0, 0.5", 1, 0.5, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("0.5, 1.0", 0.5, 1, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("1, 0.5", 1, 0.5, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("0.5, 1", 0.5, 1, DiagnosticCodes.RelativeCoordinates)]
    [InlineData("1, 0", 1 / 1932.0, 0)]
    [InlineData("483.0, 0.5", 0.25, 0.5 / 1092)]
    [InlineData("0.5, 273.0", 0.5 / 1932, 0.25)]
    [InlineData("-0.5, 0.5", -0.5 / 1932, 0.5 / 1092, DiagnosticCodes.OutsideScreen)]
    [InlineData("0.5, -0.5", 0.5 / 1932, -0.5 / 1092, DiagnosticCodes.OutsideScreen)]
    [InlineData("1932, 1092", 1, 1)]
    [InlineData("1933, 1092", 1933 / 1932.0, 1, DiagnosticCodes.OutsideScreen)]
    public void Numbers_are_pixels_or_shares(string numbers, double x, double y, params string[] codes)
    {
        var answer = Parse($"pyautogui.click({numbers})");
        Assert.Equal(new ScreenPoint(x, y), Assert.Single(answer.Actions).Point);
        Assert.Equal(codes, answer.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("pyautogui.click(483, 273, button='left2')", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.click(483, 273, clicks=n)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.click(483, 273, clicks=[2])", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.mouseDown(483, 273, 'wheel')", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.write(name)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.write(f'{name}')", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.write('a' + 1)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.write(interval=0.1)", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.press('a', presses=n)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.press('a', [2])", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.press(presses=2)", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.scroll()", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.scroll('far')", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.locateOnScreen('a.png')", DiagnosticCodes.UnknownAction)]
    [InlineData("pyautogui.mouseUp()", DiagnosticCodes.UnknownAction)]
    public void What_nobody_could_carry_out_is_no_action(string code, string finding) => AssertActions(code, "", finding, DiagnosticCodes.NoAction);

    [Theory]
    [InlineData("pyautogui.click(x=483)", "click")]
    [InlineData("pyautogui.click(y=273)", "click")]
    [InlineData("pyautogui.click(x, y)", "click")]
    [InlineData("pyautogui.click((1, 2, 3))", "click")]
    [InlineData("pyautogui.scroll(5, 483)", "scroll up")]
    [InlineData("pyautogui.scroll(5, x=(483, 273), y=273)", "scroll up")]
    public void Without_two_numbers_there_is_no_point(string code, string line) => AssertActions(code, line, DiagnosticCodes.BadCoordinates);

    [Theory]
    [InlineData("pyautogui.write('it's late')", "type \"it's late\"")]
    [InlineData("pyautogui.write('say \"hi\" it's', interval=0.1)", "type \"say \"hi\" it's\"")]
    [InlineData("pyautogui.click(483, 273\npyautogui.press('a')", "click (0.25,0.25); hotkey a", DiagnosticCodes.MissingParenthesis)]
    [InlineData(
        "pyautogui.write(name\npyautogui.press('a')", "hotkey a", DiagnosticCodes.MissingParenthesis, DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.write('abc", "type \"abc\"", DiagnosticCodes.MissingQuote, DiagnosticCodes.MissingParenthesis)]
    [InlineData("pyautogui.press('a'", "hotkey a", DiagnosticCodes.MissingParenthesis)]
    [InlineData("pyautogui.write(“abc”)", "type \"abc\"", DiagnosticCodes.OddQuotes)]
    [InlineData("```\nx = 1\n```\npyautogui.press('a')", "hotkey a")]
    public void Code_that_is_no_Python_is_read_forgivingly(string code, string lines, params string[] codes) => AssertActions(code, lines, codes);

    [Fact]
    public void The_arguments_are_kept_as_written()
    {
        var action = Assert.Single(Parse(@"pyautogui.write('a\nb', interval = 1_0)").Actions);
        Assert.Equal([("", @"a\nb", "a\nb"), ("interval", "1_0", "10")], action.Arguments.Select(a => (a.Name, a.Raw, a.Value)));
        Assert.Equal((@"a\nb", "a\nb"), (action.RawText, action.Text));
    }

    private static ParsedAnswer Parse(string code) => OpenCuaActionParser.Parse(code, Answers.Screen);

    private static void AssertActions(string code, string lines, params string[] codes)
    {
        var answer = Parse(code);
        Assert.Equal((lines, string.Join(' ', codes)), (string.Join("; ", answer.Actions), string.Join(' ', answer.Diagnostics.Select(d => d.Code))));
    }
}
