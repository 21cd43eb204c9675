using StarKV.Act;

namespace StarKV.Tests.Act;

public class OpenCuaKeysTests
{
    [Theory]
    [InlineData("pyautogui.hotkey('ctrl', 'c')", "ctrl|c")]
    [InlineData("pyautogui.hotkey('ctrl+c')", "ctrl|c")]
    [InlineData("pyautogui.hotkey('ctrl', '+')", "ctrl|+")]
    [InlineData("pyautogui.hotkey('', 'A')", "a")]
    [InlineData("pyautogui.hotkey( *['ctrl', 'c'])", "ctrl|c")]
    [InlineData("pyautogui.hotkey('ctrl', *('shift', 'c'))", "ctrl|shift|c")]
    [InlineData("pyautogui.hotkey(('ctrl', 'c'), interval=0.1)", "ctrl|c")]
    [InlineData("pyautogui.hotkey(keys=['ctrl', ' '])", "ctrl|space")]
    [InlineData("pyautogui.hotkey('shift left')", "shift left")]
    [InlineData("pyautogui.press('page down')", "page down")]
    [InlineData("pyautogui.press(5)", "5")]
    [InlineData("pyautogui.press('\\n')", "enter")]
    [InlineData("pyautogui.press(['a', 'b'], presses=2)", "a|b|a|b")]
    [InlineData("pyautogui.press(key='a', presses=1)", "a")]
    [InlineData("pyautogui.keyDown(key='Shift')", "shift")]
    [InlineData("pyautogui.write(['h', 'I', 'enter', ' '])", "h|I|enter|space")]
    public void Keys_are_words_or_lists_of_words(string code, string keys)
    {
        var answer = Parse(code);
        Assert.Equal(keys, string.Join('|', Assert.Single(answer.Actions).Keys));
        Assert.Empty(answer.Diagnostics);
    }

    [Fact]
    public void A_key_is_pressed_at_most_a_hundred_times() => Assert.Equal(100, Parse("pyautogui.press('a', presses=1000)").First!.Keys.Count);

    [Theory]
    [InlineData("pyautogui.hotkey('ctrl+foo')", "ctrl+foo", DiagnosticCodes.UnknownKey)]
    [InlineData("pyautogui.hotkey('ctrl', 'foo')", "ctrl|foo", DiagnosticCodes.UnknownKey)]
    [InlineData("pyautogui.hotkey(['ctrl', 'c')", "ctrl|c", DiagnosticCodes.MissingParenthesis)]
    public void Odd_keys_are_reported(string code, string keys, string finding)
    {
        var answer = Parse(code);
        Assert.Equal(keys, string.Join('|', Assert.Single(answer.Actions).Keys));
        Assert.Equal(finding, Assert.Single(answer.Diagnostics).Code);
    }

    [Theory]
    [InlineData("pyautogui.hotkey(x)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.hotkey('ctrl', x)", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.hotkey(['ctrl', x])", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.hotkey([['ctrl', 'c']])", DiagnosticCodes.BadArgument)]
    [InlineData("pyautogui.hotkey([])", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.hotkey('')", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.hotkey(interval=0.1)", DiagnosticCodes.MissingArgument)]
    [InlineData("pyautogui.keyDown()", DiagnosticCodes.MissingArgument)]
    public void Without_keys_that_can_be_read_there_is_no_action(string code, string reason)
    {
        var answer = Parse(code);
        Assert.Empty(answer.Actions);
        Assert.Equal([reason, DiagnosticCodes.NoAction], answer.Diagnostics.Select(d => d.Code));
    }

    private static ParsedAnswer Parse(string code) => OpenCuaActionParser.Parse(code, Answers.Screen);
}
