using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>
/// Two texts without names were read as one, an empty text as a stray quote, and a comma after the last argument as part of its text.
/// </summary>
public sealed class TextsWithoutNames
{
    private static ParsedAnswer Parse(string call) => UiTarsActionParser.Parse($"Action: {call}", OutsideAnswers.Screen);

    [Theory]
    [InlineData("type(content='abc',)", "abc")]
    [InlineData("type(content='abc', )", "abc")]
    [InlineData("type(content='abc'\n,)\nwait()", "abc")]
    [InlineData("type(content='a, (b',)", "a, (b")]
    [InlineData("type(content='abc,')", "abc,")]
    [InlineData("finished(content=\"done\",)", "done")]
    public void A_comma_may_follow_the_last_argument(string call, string text)
    {
        var answer = Parse(call);

        Assert.Equal((text, null), (answer.First!.Text, answer.Reason));
        Assert.Empty(answer.Diagnostics);
    }

    [Theory]
    [InlineData("type('abc',)", "abc")]
    [InlineData("type('abc', 'def')", "abc")]
    [InlineData("type('don't', 'def')", "don't")]
    [InlineData("type('say 'a', 'b' now')", "say 'a', 'b' now")]
    [InlineData("type('rock 'n', 'roll')", "rock 'n', 'roll")]
    [InlineData("type('(a', 'b)')", "(a', 'b)")]
    [InlineData("type('')", "")]
    [InlineData("type(\"\" )", "")]
    [InlineData("type('',)", "")]
    public void Each_text_is_a_value_and_the_first_is_typed(string call, string text)
    {
        var answer = Parse(call);

        Assert.Equal(text, answer.First!.Text);
        Assert.Equal(DiagnosticCodes.PositionalArguments, Assert.Single(answer.Diagnostics).Code);
    }

    [Theory]
    [InlineData("hotkey('ctrl', 'c')", "ctrl|c")]
    [InlineData("hotkey('ctrl', 'shift', 'Esc')", "ctrl|shift|esc")]
    [InlineData("hotkey('ctrl c')", "ctrl|c")]
    [InlineData("press('+')", "+")]
    public void Each_text_is_a_key(string call, string keys) => Assert.Equal(keys, string.Join('|', Parse(call).First!.Keys));

    [Fact]
    public void Points_and_words_are_told_from_one_another()
    {
        Assert.Equal("drag (480,270) → (960,540)", Parse("drag('(483,273)', '(966,546)')").First!.ToString(OutsideAnswers.Screen));
        Assert.Equal("scroll down (480,270)", Parse("scroll('(483,273)', 'down')").First!.ToString(OutsideAnswers.Screen));
    }

    [Theory]
    [InlineData("click(400, 300, ')")]
    [InlineData("click(400, 300, '')")]
    public void A_quote_after_other_values_is_still_one_too_many(string call) =>
        Assert.Contains(Parse(call).Diagnostics, d => d.Code == DiagnosticCodes.StrayQuote);
}
