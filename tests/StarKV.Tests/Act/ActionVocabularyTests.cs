using StarKV.Act;

namespace StarKV.Tests.Act;

public class ActionVocabularyTests
{
    [Theory]
    [InlineData("start_box", true)]
    [InlineData("point", true)]
    [InlineData("end_box", true)]
    [InlineData("content", true)]
    [InlineData("key", true)]
    [InlineData("time", true)]
    [InlineData("direction", true)]
    [InlineData("foo", false)]
    [InlineData("", false)]
    public void An_argument_is_known_by_its_name(string name, bool isArgument) => Assert.Equal(isArgument, ActionVocabulary.IsArgument(name));

    [Theory]
    [InlineData("Left_Click", "click", true)]
    [InlineData("left_click_drag", "drag", true)]
    [InlineData("WAIT", "wait", true)]
    [InlineData("Tap", "tap", false)]
    public void A_name_has_no_capitals_and_no_alias(string name, string canonical, bool isAction) =>
        Assert.Equal((canonical, isAction), (ActionVocabulary.Canonical(name), ActionVocabulary.IsAction(name)));

    [Theory]
    [InlineData("scroll")]
    [InlineData("wait")]
    [InlineData("type")]
    [InlineData("hotkey")]
    [InlineData("tap")]
    public void Some_actions_need_no_point(string action) => Assert.False(ActionVocabulary.NeedsPoint(action));
}
