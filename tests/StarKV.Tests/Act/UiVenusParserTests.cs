using StarKV.Act;
using StarKV.Decode;

namespace StarKV.Tests.Act;

public sealed class UiVenusParserTests
{
    private static readonly CoordinateMapper s_screen = CoordinateMapper.ForThousandths(1000, 500);

    private static ParsedAnswer Read(string answer, FinishReason? finish = null) => UiVenusParser.Parse(answer, s_screen, finish);

    private static ParsedAnswer Call(string call) => Read($"<think>Hm.</think>\n<action>{call}</action>\n<conclusion>So.</conclusion>");

    [Theory]
    [InlineData("Drag(start=(0,0), end=(1000,1000))", "drag (0,0) → (1,1)")]
    [InlineData("Click( box = ( 250.5 , 500 ) )", "click (0.2505,0.5)")]
    [InlineData("Click(box=[250,500])", "click (0.25,0.5)")]
    [InlineData("DoubleClick(box=(0,0))", "left_double (0,0)")]
    [InlineData("Hover(box=(0,0))", "hover (0,0)")]
    [InlineData("LongPress(box=(0,0))", "long_press (0,0)")]
    [InlineData("Launch(app='Maps')", "open_app \"Maps\"")]
    [InlineData("Launch(app='', url='https://example.org/?a=(b), c')", "navigate \"https://example.org/?a=(b), c\"")]
    [InlineData("Scroll(start=(0,0), end=(1000,1000), direction='up')", "scroll up (0,0) → (1,1)")]
    [InlineData("Type(content='')", "type \"\"")]
    [InlineData("Type(content=\"say 'a', app='b'\")", "type \"say 'a', app='b'\"")]
    [InlineData("Type(content='a)', 'b')", "type \"a)', 'b\"")]
    [InlineData("Finished(content='It's done')", "finished \"It's done\"")]
    [InlineData("CallUser(content='Which one?')", "call_user \"Which one?\"")]
    [InlineData("Hotkey(keys=['ctrl', 'shift', 't'])", "hotkey ctrl+shift+t")]
    [InlineData("Wait()", "wait")]
    [InlineData("PressEnter()", "press_enter")]
    [InlineData("PressRecent()", "press_recent")]
    [InlineData("PressHome()", "press_home")]
    public void Every_call_is_read(string call, string shown)
    {
        var answer = Call(call);
        Assert.Equal(shown, Assert.Single(answer.Actions).ToString());
        Assert.Empty(answer.Diagnostics);
        Assert.Equal("Hm.", answer.Thought);
        Assert.Equal(call, answer.First!.Source);
    }

    [Theory]
    [InlineData("Click()", DiagnosticCodes.BadCoordinates)]
    [InlineData("Click(box=(1))", DiagnosticCodes.BadCoordinates)]
    [InlineData("Click(box=(1,2,3))", DiagnosticCodes.BadCoordinates)]
    [InlineData("Click(box=here)", DiagnosticCodes.BadCoordinates)]
    [InlineData("Drag(start=(1,2))", DiagnosticCodes.BadCoordinates)]
    [InlineData("Scroll()", DiagnosticCodes.BadCoordinates)]
    [InlineData("Type()", DiagnosticCodes.MissingArgument)]
    [InlineData("Hotkey(keys=[])", DiagnosticCodes.MissingArgument)]
    [InlineData("Launch()", DiagnosticCodes.MissingArgument)]
    [InlineData("Teleport(box=(1,2))", DiagnosticCodes.UnknownAction)]
    [InlineData("click(box=(1,2))", DiagnosticCodes.UnknownAction)]
    [InlineData("go on", DiagnosticCodes.NoAction)]
    public void What_cannot_be_carried_out_is_no_action(string call, string code)
    {
        var answer = Call(call);
        Assert.Empty(answer.Actions);
        Assert.Equal(code, answer.Reason);
        Assert.Equal("Hm.", answer.Thought);
    }

    [Theory]
    [InlineData("<action>Click(box=(868,48")]
    [InlineData("<action>Type(content='half a")]
    [InlineData("<think>Hm.</think><action>Click(box=(868,487)")]
    public void A_call_that_the_answers_end_cuts_is_no_action(string answer)
    {
        var parsed = Read(answer, FinishReason.Length);
        Assert.Empty(parsed.Actions);
        Assert.Equal(DiagnosticCodes.CutOff, parsed.Reason);
        Assert.Contains("allow more tokens", parsed.Diagnostics[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parenthesis_may_be_missing_before_the_end_tag()
    {
        var answer = Call("Click(box=(868,500)");
        Assert.Equal("click (0.868,0.5)", Assert.Single(answer.Actions).ToString());
        Assert.Equal(DiagnosticCodes.MissingParenthesis, Assert.Single(answer.Diagnostics).Code);
    }

    [Fact]
    public void Text_after_a_call_is_ignored()
    {
        var answer = Call("PressBack()\nClick(box=(1,2))");
        Assert.Equal("press_back", Assert.Single(answer.Actions).Name);
        Assert.Equal(DiagnosticCodes.TrailingText, Assert.Single(answer.Diagnostics).Code);
    }

    [Theory]
    [InlineData("<think>First <action>Click(box=(1,1))</action>, no.</think><action>Wait()</action>", "First <action>Click(box=(1,1))</action>, no.")]
    [InlineData("First <action>Click(box=(1,1))</action>, no.</think><action>Wait()</action>", "First <action>Click(box=(1,1))</action>, no.")]
    [InlineData("<think>It never ends <action>Wait()</action>", "It never ends")]
    public void A_call_in_the_thinking_text_is_no_action(string answer, string thought)
    {
        var parsed = Read(answer);
        Assert.Equal("wait", Assert.Single(parsed.Actions).Name);
        Assert.Equal(thought, parsed.Thought);
    }

    [Fact]
    public void A_tag_that_is_typed_ends_no_thought() =>
        Assert.Equal("</think>", Assert.Single(Call("Type(content='</think>')").Actions).Text);

    [Fact]
    public void Prose_before_brackets_is_no_call() =>
        Assert.Equal(DiagnosticCodes.NoAction, Read("I would Click (the button) or Type(content='x') now.").Reason);
}
