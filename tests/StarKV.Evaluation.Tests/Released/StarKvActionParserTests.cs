using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class StarKvActionParserTests
{
    private static string Read(string answer, bool raises = true)
    {
        var parsed = new StarKvActionParser(new(), raises).Parse(answer);
        return parsed.Error?.Exception ?? string.Join("; ", parsed.Records);
    }

    [Theory]
    [InlineData("action:wait()", "wait []")]
    [InlineData("Action: one(a='1')\n\ntwo()", "one [a=1]")]
    [InlineData("Action: one()\nAction: two()", "ValueError")]
    [InlineData("Action: )\n\n)\n\nwait()", "wait []")]
    [InlineData("Action:  \n\n wait()", "wait []")]
    [InlineData("Then wait( ) and click(1, 2)", "wait []")]
    [InlineData("(Then) hotkey(key=f(x)) now", "AttributeError")]
    [InlineData("Then type(content='a(b') now", "")] // parentheses count inside the text, too
    [InlineData("Then type(content='a(b)c') now)", "type [content=a(b)c]")]
    [InlineData("Then click(start_box='(500,250)'", "")]
    [InlineData("Then press(key='a')", "")]
    public void The_first_call_counts(string answer, string read) => Assert.Equal(read, Read(answer));

    [Theory]
    [InlineData("Action: click(-0.9, 3.9)", "click [point=(0,3)]")] // int() drops the part behind the point, and no zero has a sign
    [InlineData("Action: click('4e2', 300, 5)", "click [point=(400,300)]")]
    [InlineData("Action: click(4, 3, point='')", "click [point=(4,3)]")] // its name is start_box by then
    [InlineData("Action: click(4, 3, point ='(7,8)')", "click [point=(7,8)]")]
    [InlineData("Action: click(4)", "click []")]
    [InlineData("Action: click(x, 3)", "click []")]
    [InlineData("Action: click(4, [3])", "click []")]
    [InlineData("Action: click(4, 3, button='left')", "click [button=left, point=(4,3)]")]
    [InlineData("Action: click('inf', 3)", "ValueError")]
    [InlineData("Action: click(1e999, 3)", "ValueError")]
    [InlineData("Action: drag(4, 3)", "drag []")]
    public void Positions_of_a_click_become_a_point(string answer, string read) => Assert.Equal(read, Read(answer));

    [Theory]
    [InlineData("Action: one two)\n\nwait()", "wait []")]
    [InlineData("Action: click('left', 3))\n\nwait()", "wait []")]
    [InlineData("Action: hotkey(key=1))\n\nwait()", "AttributeError")]
    public void Without_raising_only_what_is_no_call_is_passed_over(string answer, string read) => Assert.Equal(read, Read(answer, raises: false));
}
