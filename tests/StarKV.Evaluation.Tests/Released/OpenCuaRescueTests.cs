using StarKV.Act;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class OpenCuaRescueTests
{
    private static OpenCuaRescue Of(string answer) => OpenCuaRescue.Of(answer, 1000, 500);

    [Theory]
    [InlineData("", "")]
    [InlineData("Nothing to do.", "")]
    [InlineData("Go back, then wait", "press_back")]
    [InlineData("Return to the list", "press_back")]
    [InlineData("LOADING, then scroll", "wait")]
    [InlineData("Swipe and type", "scroll")]
    [InlineData("Fill and click", "type")]
    [InlineData("Hold the icon and tap", "long_press")]
    [InlineData("A pretty pressing matter", "click")] // parts of words count
    public void The_first_rule_with_a_word_in_the_answer_says_what_to_do(string answer, string operation) =>
        Assert.Equal(operation, Of(answer).Operation);

    [Theory]
    [InlineData("scroll", "down")]
    [InlineData("scroll to the bottom right", "down")]
    [InlineData("scroll down, not up", "down")]
    [InlineData("scroll up left", "up")]
    [InlineData("scroll to the top", "up")]
    [InlineData("scroll left, not right", "left")]
    [InlineData("Swipe Right", "right")]
    [InlineData("click at the top left", "")]
    [InlineData("wait for the left one", "")]
    public void Only_a_scroll_has_a_direction(string answer, string direction) => Assert.Equal(direction, Of(answer).Direction);

    [Theory]
    [InlineData("Type 'a b' or \"C\"", "C")]
    [InlineData("type Hello World. Then stop", "Hello World")]
    [InlineData("WRITE  one\ntwo ", "one\ntwo")]
    [InlineData("fill the form", "")]
    [InlineData("type ''", "")]
    [InlineData("click 'Save'", "")]
    [InlineData("scroll to 'Save'", "")]
    public void Only_typing_has_a_content(string answer, string content) => Assert.Equal(content, Of(answer).Content);

    [Theory]
    [InlineData("click", 0.5, 0.5)]
    [InlineData("hold it on the left", 0.2, 0.5)]
    [InlineData("click right", 0.8, 0.5)]
    [InlineData("click left or right", 0.2, 0.5)]
    [InlineData("click in the header", 0.5, 0.15)]
    [InlineData("click the upper one", 0.5, 0.15)]
    [InlineData("click at the top, not the bottom", 0.5, 0.15)]
    [InlineData("click the lower one", 0.5, 0.85)]
    [InlineData("click right in the footer", 0.8, 0.85)]
    [InlineData("click top left", 0.1, 0.1)]
    [InlineData("click upper-right", 0.9, 0.1)]
    [InlineData("click bottom-left", 0.1, 0.9)]
    [InlineData("click lower right, not top left", 0.9, 0.9)]
    [InlineData("Tap 400, 250", 0.4, 0.5)]
    [InlineData("tap 1, 2 or 400 ,100 top left", 0.4, 0.2)]
    [InlineData("tap 5000, 9999", 1, 1)]
    [InlineData("tap x=400, y=250", 0.4, 0.5)]
    [InlineData("tap x=1, y=1 x=-5, y=100", 0, 0.2)]
    [InlineData("tap x=1, y=1 at 400, 250", 0.4, 0.5)]
    [InlineData("tap x=400 y=250", 0.5, 0.5)]
    public void Only_a_click_or_long_press_has_a_point(string answer, double x, double y) => Assert.Equal(new ScreenPoint(x, y), Of(answer).Point);

    [Theory]
    [InlineData("scroll at 400, 250")]
    [InlineData("type at 400, 250")]
    [InlineData("nothing at 400, 250")]
    public void Others_have_no_point(string answer) => Assert.Null(Of(answer).Point);
}
