using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>A closing quote of another kind than the opening one was typed, and typographic quotes around a value were typed too.</summary>
public sealed class StrayClosingQuotes
{
    private static ParsedAnswer Parse(string call) => UiTarsActionParser.Parse($"Action: {call}", OutsideAnswers.Screen);

    [Theory]
    [InlineData("type(content='milk\")", "milk")]
    [InlineData("type(content=\"milk')", "milk")]
    [InlineData("type(content=\"it's')", "it's")]
    [InlineData("type(content='say \"hi\" now\")", "say \"hi\" now")]
    [InlineData("type(content='milk\")\nclick(start_box='(1,2)')", "milk")]
    [InlineData("type(content=“你好”)", "你好")]
    [InlineData("type(content=‘it’s’)", "it’s")]
    [InlineData("type(content=“milk\")", "milk")]
    [InlineData("type(content='milk’)", "milk")]
    public void They_are_the_value_s_quotes(string call, string text)
    {
        var answer = Parse(call);

        Assert.Equal((text, null), (answer.First!.Text, answer.Reason));
        Assert.Equal(DiagnosticCodes.OddQuotes, Assert.Single(answer.Diagnostics).Code);
        Assert.Equal(call.Contains('\n', StringComparison.Ordinal) ? 2 : 1, answer.Actions.Count);
    }

    [Theory]
    [InlineData("type(content='he said \"hello\")", "he said \"hello\"", DiagnosticCodes.MissingQuote)]
    [InlineData("type(content='a 5\" (wide) screen')", "a 5\" (wide) screen", null)]
    [InlineData("type(content='“你好”')", "“你好”", null)]
    [InlineData("type(content='print(\")\")')", "print(\")\")", null)]
    public void Quotes_that_belong_to_the_text_stay(string call, string text, string? finding)
    {
        var answer = Parse(call);

        Assert.Equal((text, finding), (answer.First!.Text, answer.Diagnostics.SingleOrDefault()?.Code));
    }

    [Fact]
    public void Other_arguments_follow_such_a_quote()
    {
        var drag = Parse("drag(start_box='(483,273)\", end_box='(966,546)')").First!;

        Assert.Equal("drag (480,270) → (960,540)", drag.ToString(OutsideAnswers.Screen));
    }

    [Fact]
    public void In_code_too() =>
        Assert.Equal("你好", OpenCuaActionParser.Parse("pyautogui.write(message=“你好”)", OutsideAnswers.Screen).First!.Text);
}
