using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class JsCallTests
{
    private static string Read(string piece) =>
        JsCall.Read(piece) is { } call ? $"{call.Name}: {string.Join(" | ", call.Arguments.Items.Select(a => $"{a.Name}={a.Text}"))}" : "none";

    [Theory]
    [InlineData("wait()", "wait: ")]
    [InlineData("  wait( )  ", "wait: =")] // the blank is an argument without a name
    [InlineData("type(content='red shoes')", "type: content=red shoes")]
    [InlineData("type(content=\"red shoes\")", "type: content=red shoes")]
    [InlineData("scroll( direction = 'down' , amount=3 )", "scroll: direction=down | amount=3")]
    [InlineData("f(a=b=c)", "f: a=b=c")]
    [InlineData("f(a)", "f: a=")]
    [InlineData("f(a, b='1')", "f: a= | b=1")]
    [InlineData("f(='a', b='1')", "f: b=1")]
    [InlineData("f(a=1, b=2, a=3)", "f: a=3 | b=2")]
    [InlineData("f(a='x,y', b=1)", "f: a=x,y | b=1")]
    [InlineData("f(a=\"x,y\")", "f: a=x | y\"=")]
    [InlineData("f(a=' x ')", "f: a= x ")]
    [InlineData("f(a=''x'')", "f: a='x'")]
    [InlineData("f(a=g(1))", "f: a=g(1)")]
    public void Arguments_are_what_stands_between_commas(string piece, string read) => Assert.Equal(read, Read(piece));

    [Theory]
    [InlineData("")]
    [InlineData("wait")]
    [InlineData("wait() now")]
    [InlineData("now wait()")]
    [InlineData("mobile.click()")]
    [InlineData("f(a\u2028b)")]
    public void Anything_but_one_call_is_none(string piece) => Assert.Equal("none", Read(piece));

    [Theory]
    [InlineData("click(point='<point>400 300</point>')", "click: start_box=(400,300)")]
    [InlineData("click(start_box='<bbox>1 2  3\t4</bbox>')", "click: start_box=(1,2,3,4)")]
    [InlineData("drag(start_point='(1,2)', end_point='(3,4)')", "drag: start_box=(1,2) | end_box=(3,4)")]
    [InlineData("click(start_box='<|box_start|>(1,2)<|box_end|>')", "click: start_box=(1,2)")]
    [InlineData("type(content='a point=5 b')", "type: content=a start_box=5 b")]
    [InlineData("type(content='<point>only opened')", "type: content=(only,opened)")]
    [InlineData("type(content='only closed</point>')", "type: content=only closed</point>")]
    public void Newer_names_and_tags_become_the_older_ones(string piece, string read) => Assert.Equal(read, Read(piece));
}
