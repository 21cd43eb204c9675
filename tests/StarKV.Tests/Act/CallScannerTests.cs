using StarKV.Act;

namespace StarKV.Tests.Act;

public class CallScannerTests
{
    [Theory]
    [InlineData("wait()", "")]
    [InlineData("wait( )", "")]
    [InlineData("wait ()", "")]
    [InlineData("mobile.app.wait()", "")]
    [InlineData("click( start_box = '(1,2)' )", "start_box=(1,2)")]
    [InlineData("click(400, 300,)", "=400|=300")]
    [InlineData("click(400, ,\n300 , )", "=400|=300")]
    [InlineData("click(start_box='(1,2)',\n  time = 2)", "start_box=(1,2)|time=2")]
    [InlineData("click(point=400, 300)", "point=400, 300")]
    [InlineData("click(point=400, 300, time=2)", "point=400, 300|time=2")]
    [InlineData("click(point=(400, 300), time=2)", "point=(400, 300)|time=2")]
    [InlineData("click(point=([400], x=300), time=2)", "point=([400], x=300)|time=2")]
    [InlineData("click(point=[400,\n300])", "point=[400,\n300]")]
    [InlineData("click(point=400], time=2)", "point=400]|time=2")]
    [InlineData("click(400, 300)", "=400|=300")]
    [InlineData("click((400, 300), 5 )", "=(400, 300)|=5")]
    [InlineData("type(a == b)", "=a == b")]
    [InlineData("type(content='''it's \"so\"''')", "content=it's \"so\"")]
    [InlineData(@"type(content=r'C:\new')", @"content=C:\new")]
    [InlineData(@"type(content='a\nb')", "content=a\nb")]
    [InlineData("hotkey(key=['ctrl', 'c'])", "key=['ctrl', 'c']")]
    [InlineData("hotkey(key=['ctrl', 'c'], time=2)", "key=['ctrl', 'c']|time=2")]
    [InlineData("hotkey(key=['ctrl', 'c'], x)", "key=['ctrl', 'c'], x")]
    [InlineData("hotkey(['ctrl', 'c'], 5)", "=['ctrl', 'c']|=5")]
    [InlineData("hotkey(key=('ctrl' 'c'), time=2)", "key=ctrlc|time=2")]
    public void A_call_has_its_arguments(string text, string arguments)
    {
        var call = Scan(text + " then");
        Assert.Equal(arguments, Arguments(call));
        Assert.Equal((true, text.Length), (call?.IsClosed, call?.End));
        Assert.Empty(call!.Findings);
    }

    [Theory]
    [InlineData("wait(", "", "wait(")]
    [InlineData("wait(time=5", "time=5", "wait(time=5")]
    [InlineData("wait(time=5 \npress_home()", "time=5", "wait(time=5 ")]
    [InlineData("click(start_box='(1,2)' \n\nwait()", "start_box=(1,2)", "click(start_box='(1,2)'")]
    [InlineData("click(400,", "=400", "click(400,")]
    [InlineData("click(400, ", "=400", "click(400, ")]
    [InlineData("click(start_box=", "start_box=", "click(start_box=")]
    [InlineData("hotkey(key=['ctrl', 'c']", "key=['ctrl', 'c']", "hotkey(key=['ctrl', 'c']")]
    [InlineData("click(point=(1, 2", "point=(1, 2", "click(point=(1, 2")]
    public void A_call_without_its_parenthesis_ends_behind_its_last_value(string text, string arguments, string source)
    {
        var call = Scan(text);
        Assert.Equal(arguments, Arguments(call));
        Assert.Equal((false, source), (call?.IsClosed, text[..call!.End]));
        Assert.Equal(DiagnosticCodes.MissingParenthesis, Assert.Single(call.Findings).Code);
    }

    [Theory]
    [InlineData("click(400, 300, ')", true, DiagnosticCodes.StrayQuote)]
    [InlineData("click(400, 300, \"' )", true, DiagnosticCodes.StrayQuote)]
    [InlineData("click(start_box='(1,2)\")", true, DiagnosticCodes.OddQuotes)]
    [InlineData("click(start_box=“(1,2)”)", true, DiagnosticCodes.OddQuotes)]
    [InlineData("click(start_box=‘(1,2)')", true, DiagnosticCodes.OddQuotes)]
    [InlineData("click(start_box=\"(1,2)\")", true, null)]
    [InlineData("click(start_box='(1,2))", false, DiagnosticCodes.MissingQuote)]
    public void Odd_quotes_are_reported(string text, bool isClosed, string? code)
    {
        var call = Scan(text);
        Assert.Equal(isClosed, call?.IsClosed);
        Assert.Equal(code, call!.Findings.SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("type(a='a', b=b, c=r'd', e=['f'], g=5)", "a:True|b:False|d:True|['f']:False|5:False")]
    public void A_text_between_quotes_is_known_from_a_bare_word(string text, string values) =>
        Assert.Equal(values, string.Join('|', Scan(text)!.Arguments.Select(a => $"{a.Value}:{a.IsQuoted}")));

    [Theory]
    [InlineData("I click (here) and then wait() a bit", "wait()")]
    [InlineData("I click (here, 5 times) and then wait()", "wait()")]
    [InlineData("I type ('it') and then wait()", "wait()")]
    [InlineData("Then click('400,300').", "click('400,300')")]
    [InlineData("Then click(400, 300).", "click(400, 300)")]
    [InlineData("tap(1, 2) or mobile.click (x=1, y=2)", "mobile.click (x=1, y=2)")]
    [InlineData("a.wait.tap() or 5.wait() or press_back()", "press_back()")]
    [InlineData("nothing (at all)", null)]
    public void The_first_known_and_plausible_call_is_found(string text, string? source)
    {
        var call = CallScanner.Find(text, 0, text.Length, ReadingBudget.For(text.Length));
        Assert.Equal(source, call is null ? null : text[call.Start..call.End]);
    }

    [Fact]
    public void A_call_is_found_between_two_places()
    {
        const string Text = "wait() press_back()";
        Assert.Equal("press_back", CallScanner.Find(Text, 1, Text.Length, ReadingBudget.For(Text.Length))?.Name);
        Assert.Null(CallScanner.Find(Text, 1, 15, ReadingBudget.For(Text.Length)));
    }

    [Theory]
    [InlineData("tap(point='1 2')", true)]
    [InlineData("tap(5, point='1 2')", false)]
    [InlineData("tap(5)", false)]
    [InlineData("tap()", true)]
    [InlineData("click(5)", true)]
    [InlineData("click(x)", false)]
    public void An_unknown_name_needs_named_arguments_to_look_like_a_call(string text, bool isPlausible) =>
        Assert.Equal(isPlausible, Scan(text)?.IsPlausible);

    [Theory]
    [InlineData("(1, 2)")]
    [InlineData(" wait()")]
    [InlineData("wait")]
    [InlineData("5()")]
    public void What_does_not_begin_with_a_name_and_a_parenthesis_is_no_call(string text) => Assert.Null(Scan(text));

    private static ScannedCall? Scan(string text) => CallScanner.Scan(text, 0, ReadingBudget.For(text.Length));

    private static string Arguments(ScannedCall? call) => string.Join('|', call!.Arguments.Select(a => $"{a.Name}={a.Value}"));
}
