using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>A list of keys without blanks had its commas among the keys.</summary>
public sealed class KeyListsWithoutBlanks
{
    private static string Keys(string code)
    {
        var answer = OpenCuaActionParser.Parse(code, OutsideAnswers.Screen);
        Assert.Empty(answer.Diagnostics);
        return string.Join(' ', Assert.Single(answer.Actions).Keys);
    }

    [Theory]
    [Trait("outside", "1.25")]
    [InlineData("F1a")]
    [InlineData("F1b")]
    [InlineData("F1c")]
    [InlineData("F4a")]
    [InlineData("F4b")]
    public void A_list_of_keys_is_its_keys(string id) => Assert.Equal(OutsideAnswers.Right(id), OutsideAnswers.Single(OutsideAnswers.Parse(id)));

    [Theory]
    [Trait("outside", "1.25")]
    [InlineData("hotkey(['ctrl','c'])", "ctrl c")]
    [InlineData("hotkey([\"ctrl\",'c'])", "ctrl c")]
    [InlineData("hotkey(keys=[ 'ctrl' ,\n  'c', ])", "ctrl c")]
    [InlineData("hotkey(('ctrl','c'))", "ctrl c")]
    [InlineData("hotkey(*['ctrl','c'])", "ctrl c")]
    [InlineData("hotkey('ctrl','c')", "ctrl c")]
    [InlineData("hotkey('ctrl','c', interval=0.1)", "ctrl c")]
    [InlineData("hotkey('ctrl+c')", "ctrl c")]
    [InlineData("hotkey(['ctrl',','])", "ctrl ,")]
    [InlineData("hotkey('ctrl', ',')", "ctrl ,")]
    [InlineData("hotkey(['ctrl', '+'])", "ctrl +")]
    [InlineData("hotkey(['ctrl', ')'])", "ctrl )")]
    [InlineData("hotkey(['ctrl'] + ['c'])", "ctrl c")]
    [InlineData("press([','])", ",")]
    [InlineData("press(',')", ",")]
    [InlineData("press(\"'\")", "'")]
    [InlineData("press(' ')", "space")]
    [InlineData("press('pagedown')", "pagedown")]
    [InlineData("press(['down','enter'], presses=2)", "down enter down enter")]
    [InlineData("keyDown(['ctrl','shift'])", "ctrl shift")]
    [InlineData("keyUp(key='shift')", "shift")]
    public void Every_form_of_a_list_in_pyautogui(string call, string keys) => Assert.Equal(keys, Keys("pyautogui." + call));

    [Theory]
    [InlineData("['ctrl', 'c']", "ctrl c")]
    [InlineData("['ctrl','c']", "ctrl c")]
    [InlineData("[\"ctrl\",\"c\"]", "ctrl c")]
    [InlineData("\"['ctrl', 'c']\"", "ctrl c")]
    [InlineData("'[ctrl, c]'", "ctrl c")]
    [InlineData("'ctrl, c'", "ctrl c")]
    [InlineData("'ctrl,c'", "ctrl c")]
    [InlineData("'ctrl , shift , t'", "ctrl shift t")]
    [InlineData("'Ctrl+Shift t'", "ctrl shift t")]
    [InlineData("'ctrl', 'c'", "ctrl c")]
    [InlineData("'ctrl ,'", "ctrl ,")]
    [InlineData("'ctrl+,'", "ctrl ,")]
    [InlineData("['ctrl', ',']", "ctrl ,")]
    [InlineData("','", ",")]
    [InlineData("'ctrl +'", "ctrl +")]
    [InlineData("'['", "[")]
    public void Every_form_of_a_list_in_UI_TARS(string value, string keys)
    {
        var answer = UiTarsActionParser.Parse($"Action: hotkey(key={value})", OutsideAnswers.Screen);

        Assert.Empty(answer.Diagnostics);
        Assert.Equal(keys, string.Join(' ', Assert.Single(answer.Actions).Keys));
    }

    [Theory]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('entr')")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.hotkey('ctrl', 'save file')")]
    [InlineData(ActionLanguage.UiTars, "Action: hotkey(key='ctrl entr')")]
    public void What_is_no_name_of_a_key_is_a_finding(ActionLanguage language, string text)
    {
        var answer = ActionParser.Parse(language, text, OutsideAnswers.Screen);

        Assert.Equal(DiagnosticCodes.UnknownKey, Assert.Single(answer.Diagnostics).Code);
        Assert.Null(answer.Reason);
    }
}
