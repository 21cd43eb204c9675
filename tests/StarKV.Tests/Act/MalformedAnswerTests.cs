using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Malformed answers of the vector file, and what the forgiving parser makes of them.</summary>
public class MalformedAnswerTests
{
    private static readonly ScreenPoint s_expected = new(400.0 / 1932, 300.0 / 1092);

    [Theory]
    [InlineData("u44", DiagnosticCodes.StrayQuote)]
    [InlineData("u45", DiagnosticCodes.MissingParenthesis)]
    [InlineData("u46", DiagnosticCodes.TrailingText)]
    [InlineData("u50", DiagnosticCodes.PositionalArguments)]
    [InlineData("u54", DiagnosticCodes.ExtraNumbers)]
    public void Is_a_click_with_a_warning(string id, string code)
    {
        var answer = UiTarsCases.Parse(id);

        AssertClick(answer);
        var diagnostic = Assert.Single(answer.Diagnostics);
        Assert.Equal((code, DiagnosticSeverity.Warning), (diagnostic.Code, diagnostic.Severity));
        Assert.Null(answer.Reason);
    }

    [Theory]
    [InlineData("u32")] // no label
    [InlineData("u33")] // full-width colon
    [InlineData("u34")] // no blank behind the label
    [InlineData("u35")] // lower-case label
    [InlineData("u51")] // think block
    [InlineData("u55")] // double quotes
    [InlineData("u56")] // blanks in the box
    [InlineData("u58")] // code fence
    [InlineData("u59")] // [EOS]
    [InlineData("u60")] // CRLF
    [InlineData("u71")] // mobile.click
    public void Is_a_click_without_a_warning(string id)
    {
        var answer = UiTarsCases.Parse(id);

        AssertClick(answer);
        Assert.Empty(answer.Diagnostics);
    }

    [Theory]
    [InlineData("u52")]
    [InlineData("u53")]
    public void Too_few_numbers_are_an_action_without_a_point(string id)
    {
        var answer = UiTarsCases.Parse(id);

        Assert.Equal("click", Assert.Single(answer.Actions).Name);
        Assert.Null(answer.First!.Point);
        Assert.Equal(DiagnosticCodes.BadCoordinates, answer.Reason);
    }

    [Theory]
    [InlineData("u15", "line one\nline two")]
    [InlineData("u74", "first\n\nsecond")]
    [InlineData("u73", "point=5")]
    [InlineData("u76", "rock 'n', roll")]
    public void Typed_text_is_unchanged(string id, string text)
    {
        var answer = UiTarsCases.Parse(id);

        Assert.Equal(("type", text), (Assert.Single(answer.Actions).Name, answer.First!.Text));
        Assert.Empty(answer.Diagnostics);
    }

    [Fact]
    public void A_path_is_resolved_as_in_Python_with_a_warning_and_its_raw_text_kept()
    {
        var answer = UiTarsCases.Parse("u75");

        Assert.Equal("C:\temp\new", answer.First!.Text);
        Assert.Equal(@"C:\temp\new", answer.First.RawText);
        Assert.Equal(DiagnosticCodes.AmbiguousEscape, Assert.Single(answer.Diagnostics).Code);
    }

    [Theory]
    [InlineData("u47", null)]
    [InlineData("u48", null)]
    [InlineData("u49", "I should look for the menu.")]
    public void Without_a_call_the_list_is_empty_and_says_why(string id, string? thought)
    {
        var answer = UiTarsCases.Parse(id);

        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.NoAction, answer.Reason);
        Assert.Equal(thought, answer.Thought);
    }

    [Fact]
    public void Text_behind_an_empty_line_does_not_spoil_the_action_in_front()
    {
        var answer = Answers.Parse("Action: click(point='<point>400 300</point>')\n\nThis (I hope) opens 'File'.");

        AssertClick(answer);
        Assert.Equal(DiagnosticCodes.TrailingText, Assert.Single(answer.Diagnostics).Code);
    }

    [Fact]
    public void An_impossible_side_ratio_is_a_bad_image_size()
    {
        var answer = UiTarsCases.Parse("u68");

        Assert.Equal(DiagnosticCodes.BadImageSize, answer.Reason);
        Assert.Null(Assert.Single(answer.Actions).Point);
    }

    private static void AssertClick(ParsedAnswer answer)
    {
        Assert.Equal("click", Assert.Single(answer.Actions).Name);
        Assert.Equal(s_expected, answer.First!.Point);
    }
}
