using StarKV.Act;
using StarKV.Decode;
using StarKV.Text;

namespace StarKV.Tests.Act;

/// <summary>Answers that end inside a call, of both languages.</summary>
public class CutAnswerTests
{
    // Half a number is another place; these are cut however the answer ended.
    [Theory]
    [InlineData(ActionLanguage.UiTars, "Action: click(start_box='(48")]
    [InlineData(ActionLanguage.UiTars, "Action: click(start_box='(483,")]
    [InlineData(ActionLanguage.UiTars, "Action: click(start_box='")]
    [InlineData(ActionLanguage.UiTars, "Action: click(")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.click(x=48")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.click(x=483, y=")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.write('")]
    public void A_call_that_ends_in_a_number_or_in_front_of_a_value_is_cut(ActionLanguage language, string answer)
    {
        foreach (FinishReason? finish in new FinishReason?[] { null, FinishReason.Stop, FinishReason.Length })
        {
            var parsed = ActionParser.Parse(language, answer, Answers.Screen, finish);
            Assert.Empty(parsed.Actions);
            Assert.Equal(DiagnosticCodes.CutOff, parsed.Reason);
            Assert.Equal(finish is FinishReason.Length, parsed.Diagnostics.Any(d => d.Message.Contains("--max-new-tokens", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(ActionLanguage.UiTars, "Action: type(content='abc", "type \"abc\"")]
    [InlineData(ActionLanguage.UiTars, "Action: type(content='abc)", "type \"abc\"")]
    [InlineData(ActionLanguage.UiTars, "Action: type(content='abc'", "type \"abc\"")]
    [InlineData(ActionLanguage.UiTars, "Action: wait()\ntype(content='abc'", "wait; type \"abc\"", "wait")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.write('abc", "type \"abc\"")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.write('abc'", "type \"abc\"")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('a')\npyautogui.write('abc'", "hotkey a; type \"abc\"", "hotkey a")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('a')\npyautogui.cli", "hotkey a", "hotkey a")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('a')\ncomputer.", "hotkey a", "hotkey a")]
    public void At_the_longest_length_every_open_call_is_cut(ActionLanguage language, string answer, string lines, string linesAtLength = "")
    {
        var whole = ActionParser.Parse(language, answer, Answers.Screen);
        Assert.Equal((lines, null), (string.Join("; ", whole.Actions), whole.Reason));

        var cut = ActionParser.Parse(language, answer, Answers.Screen, FinishReason.Length);
        Assert.Equal((linesAtLength, DiagnosticCodes.CutOff), (string.Join("; ", cut.Actions), cut.Reason));
    }

    [Theory]
    [InlineData(ActionLanguage.UiTars, "Action: type(content='abc')", "type \"abc\"")]
    [InlineData(ActionLanguage.UiTars, "Action: type(content='abc[EOS]", "type \"abc\"")]
    [InlineData(ActionLanguage.UiTars, "Action: click(start_box='483 273<|im_end|>", "click (0.25,0.25)")]
    [InlineData(ActionLanguage.UiTars, "Action: click(point=483, 273\npress_home()", "click (0.25,0.25); press_home")]
    [InlineData(ActionLanguage.UiTars, "Action: wait(time=5\n\nDone.", "wait")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('a')", "hotkey a")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.click(x=483, y=273<|im_end|>", "click (0.25,0.25)")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.click(483, 273\npyautogui.press('a')", "click (0.25,0.25); hotkey a")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.press('a')\npyautogui.cli<|im_end|>", "hotkey a")]
    public void A_closed_call_one_that_others_follow_and_one_in_front_of_an_end_mark_are_not_cut(ActionLanguage language, string answer, string lines)
    {
        var parsed = ActionParser.Parse(language, answer, Answers.Screen, FinishReason.Length);
        Assert.Equal((lines, null), (string.Join("; ", parsed.Actions), parsed.Reason));
    }
}
