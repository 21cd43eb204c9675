using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>Of Python's literals all but the plainest were typed with their quotes, prefixes and parentheses.</summary>
public sealed class PythonLiteralsTypedAsWritten
{
    private static ParsedAnswer Parse(string code) => OpenCuaActionParser.Parse(code, OutsideAnswers.Screen);

    [Theory]
    [Trait("outside", "1.27")]
    [InlineData("F2a")]
    [InlineData("F2b")]
    [InlineData("F2c")]
    [InlineData("F2d")]
    [InlineData("F2e")]
    public void The_text_is_the_value_of_its_literal(string id) => Assert.Equal(OutsideAnswers.Right(id), OutsideAnswers.Single(OutsideAnswers.Parse(id)));

    [Theory]
    [Trait("outside", "1.27")]
    [InlineData("'''it's \"so\"'''", "it's \"so\"")]
    [InlineData("\"\"\"two\nlines\"\"\"", "two\nlines")]
    [InlineData("'''a)'''", "a)")]
    [InlineData("r'\\d+'", "\\d+")]
    [InlineData("R\"C:\\temp\"", "C:\\temp")]
    [InlineData("u'é'", "é")]
    [InlineData("b'abc'", "abc")]
    [InlineData("rb'a\\n'", "a\\n")]
    [InlineData("f'{{x}}'", "{x}")]
    [InlineData("fr'a\\b{{'", "a\\b{")]
    [InlineData("'a' \"b\"", "ab")]
    [InlineData("'a'\n  'b'  # the rest\n  'c'", "abc")]
    [InlineData("'a' + 'b' + r'\\n'", "ab\\n")]
    [InlineData("('a')", "a")]
    [InlineData("(('a') + 'b')", "ab")]
    [InlineData("'tab\\there'", "tab\there")]
    [InlineData("''", "")]
    [InlineData("'say \"hi\", then = (x'", "say \"hi\", then = (x")]
    [InlineData("2026", "2026")]
    public void Every_literal(string literal, string text)
    {
        Assert.Equal(("type", text, ""), OutsideAnswers.Single(Parse($"pyautogui.write({literal})")));
        Assert.Equal(("type", text, ""), OutsideAnswers.Single(Parse($"```python\npyautogui.typewrite(message={literal}, interval=0.05)\n```")));
    }

    [Theory]
    [Trait("outside", "1.27")]
    [InlineData("text")]
    [InlineData("f'{name}!'")]
    [InlineData("'Dear ' + name")]
    [InlineData("'a'.upper()")]
    [InlineData("'%s' % name")]
    [InlineData("'a' * 3")]
    [InlineData("'a' if x else 'b'")]
    [InlineData("get_text('it')")]
    [InlineData("lines[0]")]
    [InlineData("None")]
    [InlineData("f'it's'")]
    public void What_is_no_literal_is_an_error_and_never_typed(string expression)
    {
        var answer = Parse($"pyautogui.write({expression})");

        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.BadArgument, answer.Reason);
    }

    [Theory]
    [InlineData("click(x=width, y=100)", DiagnosticCodes.BadCoordinates)]
    [InlineData("click(x=1920 - 5, y=100)", DiagnosticCodes.BadCoordinates)]
    [InlineData("click(x=1920, y=10, clicks=n)", DiagnosticCodes.BadArgument)]
    [InlineData("click(x=1920, y=10, button=b)", DiagnosticCodes.BadArgument)]
    [InlineData("press(key)", DiagnosticCodes.BadArgument)]
    [InlineData("hotkey('ctrl', key)", DiagnosticCodes.BadArgument)]
    [InlineData("hotkey(*keys)", DiagnosticCodes.BadArgument)]
    public void Nor_are_other_arguments_guessed(string call, string reason)
    {
        var answer = Parse($"pyautogui.{call}");

        Assert.Equal(reason, answer.Reason);
        Assert.Null(answer.First?.Point);
    }

    [Theory]
    [InlineData("pyautogui.write('It's late')", "It's late")]
    [InlineData("pyautogui.write('the dog's toy's')", "the dog's toy's")]
    [InlineData("pyautogui.write(message='say 'x', then y=1')", "say 'x', then y=1")]
    [InlineData("pyautogui.write('one\ntwo')", "one\ntwo")]
    public void Quotes_that_were_not_escaped_are_still_forgiven(string code, string text) => Assert.Equal(text, Parse(code).First!.Text);

    [Theory]
    [InlineData("click((966, 546))")]
    [InlineData("click([966, 546])")]
    [InlineData("click(x=966, y=546, button=pyautogui.LEFT)")]
    public void Other_forms_of_a_click(string call) => Assert.Equal("click (0.5,0.5)", Assert.Single(Parse($"pyautogui.{call}").Actions).ToString());

    [Fact]
    public void The_raw_text_is_what_stood_between_the_quotes()
    {
        var action = Assert.Single(Parse("pyautogui.write('a\\n' r'b\\n')").Actions);

        Assert.Equal(("a\nb\\n", "a\\nb\\n"), (action.Text, action.RawText));
    }

    [Theory]
    [InlineData("Action: type(content='''multi\nline, it's''')\nwait()", "multi\nline, it's")]
    [InlineData("Action: type(content=\"\"\"say \"hi\" (now)\"\"\")\nwait()", "say \"hi\" (now)")]
    [InlineData("Action: type(content=r'C:\\temp')\nwait()", "C:\\temp")]
    public void Three_quotes_and_prefixes_in_UI_TARS(string text, string typed)
    {
        var answer = UiTarsActionParser.Parse(text, OutsideAnswers.Screen);

        Assert.Empty(answer.Diagnostics);
        Assert.Equal((2, typed), (answer.Actions.Count, answer.First!.Text));
    }
}
