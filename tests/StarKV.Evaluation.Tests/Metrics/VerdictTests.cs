using StarKV.Evaluation.Metrics;
using StarKV.Input;

namespace StarKV.Evaluation.Tests.Metrics;

public sealed class VerdictTests
{
    private static readonly PixelBox s_box = new(10, 20, 40, 30);

    [Theory]
    [InlineData("Action: click(start_box='(10,20)')", Verdict.Right)]
    [InlineData("Action: click(start_box='(39,29)')", Verdict.Right)]
    [InlineData("Action: click(start_box='(40,29)')", Verdict.Wrong)]
    [InlineData("Action: click(start_box='(39,30)')", Verdict.Wrong)]
    [InlineData("Action: click(start_box='(9,20)')", Verdict.Wrong)]
    [InlineData("Action: type(content='click')", Verdict.Wrong)]
    [InlineData("Action: finished()", Verdict.Wrong)]
    [InlineData("", Verdict.Unreadable)]
    [InlineData("left of the button", Verdict.Unreadable)]
    public void A_click_is_right_inside_the_box(string text, Verdict verdict) => Assert.Equal(verdict, ClickInBox.Judge(Answers.Of(text), s_box));

    [Theory]
    [InlineData("Action: type(content='amber')", Verdict.Right)]
    [InlineData("Action: type(content='Amber')", Verdict.Wrong)]
    [InlineData("Action: type(content='amber ')", Verdict.Wrong)]
    [InlineData("Action: click(start_box='(1,1)')", Verdict.Wrong)]
    [InlineData("amber", Verdict.Unreadable)]
    public void Typed_text_is_right_to_the_letter(string text, Verdict verdict) => Assert.Equal(verdict, ExactText.Judge(Answers.Of(text), "amber"));
}
