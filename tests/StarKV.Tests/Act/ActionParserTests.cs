using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Act;

public class ActionParserTests
{
    [Fact]
    public void An_answer_and_a_screen_are_needed()
    {
        foreach (var language in Enum.GetValues<ActionLanguage>())
        {
            Assert.Throws<ArgumentNullException>("answer", () => ActionParser.Parse(language, null!, Answers.Screen));
            Assert.Throws<ArgumentNullException>("answer", () => ActionParser.Parse(language, null!, null!));
            Assert.Throws<ArgumentNullException>("coordinates", () => ActionParser.Parse(language, "wait()", null!));
        }

        Assert.Throws<ArgumentNullException>("answer", () => UiTarsActionParser.Parse(null!, Answers.Screen));
        Assert.Throws<ArgumentNullException>("answer", () => OpenCuaActionParser.Parse(null!, Answers.Screen));
    }

    [Fact]
    public void An_answer_without_actions_has_no_first_one_and_one_with_warnings_only_has_no_reason()
    {
        Assert.Null(ActionParser.Parse(ActionLanguage.UiTars, "", Answers.Screen).First);
        Assert.Null(ActionParser.Parse(ActionLanguage.UiTars, "Action: tap()", Answers.Screen).Reason);
    }
}
