using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Act;

/// <summary>Answers whose quotes never close, so that each is sought to the end of the text.</summary>
public class TangledAnswerTests
{
    [Theory]
    [InlineData(ActionLanguage.UiTars, "Action: click(start_box='(1,2\n")]
    [InlineData(ActionLanguage.OpenCua, "pyautogui.a(\\'''b\n")]
    [InlineData(ActionLanguage.ToolCall, "{'action a\n")]
    [InlineData(ActionLanguage.Point, "{\"a' [ {'b\n")]
    public void A_tangled_answer_is_given_up(ActionLanguage language, string piece)
    {
        var answer = ActionParser.Parse(language, string.Concat(Enumerable.Repeat(piece, 1000)), Answers.Screen);

        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.Tangled, Assert.Single(answer.Diagnostics).Code);
        Assert.Contains(piece[..10], answer.Diagnostics[0].Message, StringComparison.Ordinal);
    }
}
