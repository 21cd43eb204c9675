using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>What calls of UI-TARS become. The model's 483, 273 is a quarter of width and height.</summary>
public class ActionBuilderTests
{
    [Theory]
    [InlineData("click(483, 273)", "click (0.25,0.25)")]
    [InlineData("click('483, 273')", "click (0.25,0.25)")]
    [InlineData("click((473, 263, 493, 283))", "click (0.25,0.25)")]
    [InlineData("drag(483, 273, 966, 546)", "drag (0.25,0.25) → (0.5,0.5)")]
    [InlineData("drag('483,273', '966,546')", "drag (0.25,0.25) → (0.5,0.5)")]
    [InlineData("scroll('down')", "scroll down")]
    [InlineData("scroll(483, 273, 'Down')", "scroll down (0.25,0.25)")]
    [InlineData("scroll((483, 273), 'down')", "scroll down (0.25,0.25)")]
    [InlineData("type('483, 273')", "type \"483, 273\"")]
    [InlineData("finished('done')", "finished \"done\"")]
    [InlineData("open_app('Maps')", "open_app \"Maps\"")]
    [InlineData("navigate('a.org')", "navigate \"a.org\"")]
    [InlineData("hotkey('ctrl c')", "hotkey ctrl+c")]
    [InlineData("press('shift')", "press shift")]
    [InlineData("release('shift')", "release shift")]
    [InlineData("press_home('now')", "press_home")]
    public void Values_without_names_are_taken_by_position(string call, string line) => AssertAction(call, line, DiagnosticCodes.PositionalArguments);

    [Fact]
    public void A_time_may_come_by_position() => Assert.Equal(5, Answers.Parse("Action: wait(5)").First!.Time);

    [Theory]
    [InlineData("click(X=483, Y=273)", "click (0.25,0.25)")]
    [InlineData("click(x=483, y=273, start_box='(966,546)')", "click (0.5,0.5)")]
    [InlineData("Click(START_BOX='(483,273)')", "click (0.25,0.25)")]
    [InlineData("scroll(direction=' Down ')", "scroll down")]
    [InlineData("press(key='Shift')", "press shift")]
    [InlineData("left_single(point='483 273')", "click (0.25,0.25)")]
    [InlineData("double_click(point='483 273')", "left_double (0.25,0.25)")]
    [InlineData("right_click(point='483 273')", "right_single (0.25,0.25)")]
    [InlineData("mouse_move(point='483 273')", "hover (0.25,0.25)")]
    [InlineData("left_click_drag(start='483 273', end='966 546')", "drag (0.25,0.25) → (0.5,0.5)")]
    [InlineData("select(point='0 0')", "select (0,0)")]
    [InlineData("long_press(point='1932 1092')", "long_press (1,1)")]
    [InlineData("finished(content='a\\nb')", "finished \"a\\nb\"")]
    [InlineData("wait(time='soon')", "wait")]
    [InlineData("scroll()", "scroll")]
    public void Named_arguments_are_read_without_a_finding(string call, string line) => AssertAction(call, line);

    [Theory]
    [InlineData("click()", "click", DiagnosticCodes.MissingArgument)]
    [InlineData("left_double()", "left_double", DiagnosticCodes.MissingArgument)]
    [InlineData("right_single()", "right_single", DiagnosticCodes.MissingArgument)]
    [InlineData("middle_click()", "middle_click", DiagnosticCodes.MissingArgument)]
    [InlineData("hover()", "hover", DiagnosticCodes.MissingArgument)]
    [InlineData("long_press(time=2)", "long_press", DiagnosticCodes.MissingArgument)]
    [InlineData("select()", "select", DiagnosticCodes.MissingArgument)]
    [InlineData("click(x=483)", "click", DiagnosticCodes.MissingArgument)]
    [InlineData("click(y=273)", "click", DiagnosticCodes.MissingArgument)]
    [InlineData("hotkey()", "hotkey", DiagnosticCodes.MissingArgument)]
    [InlineData("press()", "press", DiagnosticCodes.MissingArgument)]
    [InlineData("release(key='')", "release", DiagnosticCodes.MissingArgument)]
    [InlineData("drag()", "drag", DiagnosticCodes.MissingArgument, DiagnosticCodes.MissingArgument)]
    [InlineData("drag(start_box='483 273')", "drag (0.25,0.25)", DiagnosticCodes.MissingArgument)]
    [InlineData("drag(end_box='483 273')", "drag → (0.25,0.25)", DiagnosticCodes.MissingArgument)]
    [InlineData("drag(483, 273)", "drag (0.25,0.25)", DiagnosticCodes.PositionalArguments, DiagnosticCodes.MissingArgument)]
    [InlineData("click(start_box='(483,)', time='2')", "click", DiagnosticCodes.BadCoordinates)]
    [InlineData("click(start_box='(1e999,2)', time='2')", "click", DiagnosticCodes.BadCoordinates)]
    [InlineData("drag(start_box='483 273', end_box='3')", "drag (0.25,0.25)", DiagnosticCodes.BadCoordinates)]
    [InlineData("click(x=483, y='low')", "click", DiagnosticCodes.BadCoordinates, DiagnosticCodes.MissingArgument)]
    public void What_an_action_lacks_is_an_error(string call, string line, params string[] codes) => AssertAction(call, line, codes);

    [Theory]
    [InlineData("tap(start_box='483 273')", "tap (0.25,0.25)", DiagnosticCodes.UnknownAction)]
    [InlineData("hotkey(key='ctrl foo')", "hotkey ctrl+foo", DiagnosticCodes.UnknownKey)]
    [InlineData("click(start_box='483 273 5')", "click (0.25,0.25)", DiagnosticCodes.ExtraNumbers)]
    [InlineData("click(start_box='483 273 5 6 7')", "click (0.25,0.25)", DiagnosticCodes.ExtraNumbers)]
    [InlineData("drag(start_box='483 273', end_box='-966 273')", "drag (0.25,0.25) → (-0.5,0.25)", DiagnosticCodes.OutsideScreen)]
    [InlineData("drag(start_box='483 1638', end_box='483 273')", "drag (0.25,1.5) → (0.25,0.25)", DiagnosticCodes.OutsideScreen)]
    [InlineData(@"type(content='C:\new')", "type \"C:\\new\"", DiagnosticCodes.AmbiguousEscape)]
    [InlineData(@"type(content='a\fb')", "type \"a\fb\"", DiagnosticCodes.AmbiguousEscape)]
    public void What_is_unusual_is_a_warning(string call, string line, string code)
    {
        AssertAction(call, line, code);
        Assert.Null(Answers.Parse($"Action: {call}").Reason);
        Assert.Equal(code == DiagnosticCodes.OutsideScreen, Answers.Parse($"Action: {call}").First!.IsOutsideScreen);
    }

    [Theory]
    [InlineData(@"type(content='C:\\new')")]
    [InlineData(@"type(content='one\ntwo')")]
    [InlineData(@"type(content=r'C:\new')")]
    public void Escapes_that_mean_one_thing_are_not_ambiguous(string call) => Assert.Empty(Answers.Parse($"Action: {call}").Diagnostics);

    [Fact]
    public void The_arguments_are_kept_as_written()
    {
        var arguments = Answers.Single(@"Action: type(content='a\'b', extra=5)").Arguments;
        Assert.Equal([("content", @"a\'b", "a'b"), ("extra", "5", "5")], arguments.Select(a => (a.Name, a.Raw, a.Value)));
    }

    [Fact]
    public void Only_typed_text_submits() => Assert.False(Answers.Single(@"Action: finished(content='done\n')").Submits);

    [Theory]
    [InlineData("click()")]
    [InlineData("click(483, 273)")]
    [InlineData("click(x=483, y=273)")]
    [InlineData("drag(start_box='483 273')")]
    [InlineData("hotkey()", DiagnosticCodes.MissingArgument)]
    public void Without_an_image_size_points_are_not_missed_but_keys_are(string call, string? code = null)
    {
        var answer = new UiTarsActionParser().Parse($"Action: {call}", 8100, 40);

        Assert.Equal(DiagnosticCodes.BadImageSize, answer.Diagnostics[0].Code);
        Assert.Equal(code, answer.Diagnostics.Skip(1).FirstOrDefault(d => d.Code != DiagnosticCodes.PositionalArguments)?.Code);
        Assert.Null(Assert.Single(answer.Actions).Point);
    }

    private static void AssertAction(string call, string line, params string[] codes)
    {
        var answer = Answers.Parse($"Action: {call}");

        Assert.Equal(line, Assert.Single(answer.Actions).ToString());
        Assert.Equal(codes, answer.Diagnostics.Select(d => d.Code));
    }
}
