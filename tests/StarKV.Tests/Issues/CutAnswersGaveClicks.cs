using StarKV.Act;
using StarKV.Decode;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>An answer that was cut inside a number gave a click at another place, with a warning only.</summary>
public sealed class CutAnswersGaveClicks
{
    private static ParsedAnswer UiTars(string text, FinishReason? finish = null) =>
        ActionParser.Parse(ActionLanguage.UiTars, text, OutsideAnswers.Screen, finish);

    private static ParsedAnswer OpenCua(string text, FinishReason? finish = null) =>
        ActionParser.Parse(ActionLanguage.OpenCua, text, OutsideAnswers.Screen, finish);

    private static void IsCut(ParsedAnswer answer)
    {
        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.CutOff, answer.Reason);
    }

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData("F3a")]
    [InlineData("F3b")]
    public void An_answer_that_ends_inside_a_number_has_no_action(string id) => IsCut(OutsideAnswers.Parse(id));

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData("click(start_box='(1200,64")]
    [InlineData("click(start_box='(1200,64.")]
    [InlineData("click(start_box='(1200,64\n")]
    [InlineData("click(start_box='(1200,")]
    [InlineData("click(start_box='(")]
    [InlineData("click(start_box='")]
    [InlineData("click(start_box=")]
    [InlineData("click(")]
    [InlineData("click(point='<point>12 6")]
    [InlineData("click(x=1200, y=6")]
    [InlineData("click(start_box='<|box_start|>(12,3")]
    [InlineData("drag(start_box='(1,2)', end_box='(30,4")]
    [InlineData("type(content='room 10")]
    [InlineData("wait(seconds=1")]
    public void Whatever_the_reason_that_it_ended(string call)
    {
        foreach (var finish in new FinishReason?[] { null, FinishReason.Stop, FinishReason.Length })
            IsCut(UiTars($"Thought: Go on.\nAction: {call}", finish));
    }

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData("click(x=1200, y=6")]
    [InlineData("click(1200, 6")]
    [InlineData("click(x=1200, y=")]
    [InlineData("click(x=1200, ")]
    [InlineData("click(x=")]
    [InlineData("click(")]
    [InlineData("write('room 10")]
    [InlineData("write(message='")]
    [InlineData("scroll(-1")]
    public void The_same_in_code(string call)
    {
        foreach (var finish in new FinishReason?[] { null, FinishReason.Stop, FinishReason.Length })
            IsCut(OpenCua($"```python\npyautogui.{call}", finish));
    }

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData("click(start_box='(1200,64)'")]
    [InlineData("click(start_box='(1200,64)")]
    [InlineData("click(start_box='<point>12 64</po")]
    [InlineData("type(content='half a sent")]
    [InlineData("hotkey(key='ctrl")]
    public void At_the_longest_length_every_open_call_is_cut(string call)
    {
        IsCut(UiTars($"Action: {call}", FinishReason.Length));
        var message = UiTars($"Action: {call}", FinishReason.Length).Diagnostics[^1].Message;
        Assert.Contains("--max-new-tokens", message, StringComparison.Ordinal);
        Assert.Null(UiTars($"Action: {call}", FinishReason.Stop).Reason);
    }

    [Theory]
    [InlineData("hotkey('ctrl', 'c'")]
    [InlineData("hotkey(['ctrl', 'c']")]
    [InlineData("write('half a sent")]
    public void At_the_longest_length_every_open_call_of_code_is_cut(string call)
    {
        IsCut(OpenCua($"pyautogui.{call}", FinishReason.Length));
        Assert.Null(OpenCua($"pyautogui.{call}").Reason);
    }

    [Theory]
    [InlineData("Action: click(start_box='(1200,64)'\n\nwait()", FinishReason.Length)]
    [InlineData("Action: click(start_box='(1200,64)'", FinishReason.Stop)]
    [InlineData("Action: click(start_box='(1200,64)')", FinishReason.Length)]
    [InlineData("Action: click(start_box='(1200,64)')\nThe rest of the", FinishReason.Length)]
    [InlineData("Action: click(point='<point>1200 64</point>')<|im_end|>", FinishReason.Length)]
    public void A_whole_call_counts_and_so_does_a_parenthesis_missing_in_the_middle(string text, FinishReason finish)
    {
        var answer = UiTars(text, finish);

        Assert.Null(answer.Reason);
        Assert.Equal("click (1193,63)", answer.First!.ToString(OutsideAnswers.Screen));
    }

    [Fact]
    public void An_end_mark_behind_a_number_says_that_it_is_whole() =>
        Assert.Equal("click (1193,64)", OpenCua("```python\npyautogui.click(x=1200, y=65\n```").First!.ToString(OutsideAnswers.Screen));

    [Theory]
    [InlineData("pyautogui.moveTo(x=966, y=546)\npyautogui.click(x=9", null)]
    [InlineData("pyautogui.moveTo(x=966, y=546)\npyautogui.cli", FinishReason.Length)]
    public void Whole_calls_in_front_of_a_cut_one_stay_and_the_answer_has_its_error(string text, FinishReason? finish)
    {
        var answer = OpenCua(text, finish);

        Assert.Equal("hover (0.5,0.5)", Assert.Single(answer.Actions).ToString());
        Assert.Equal(DiagnosticCodes.CutOff, answer.Reason);
    }
}
