using System.Text.Json;
using CsCheck;
using StarKV.Act;

namespace StarKV.Tests.Act;

public class UiTarsActionParserTests
{
    private static readonly string[] s_fragments =
    [
        "Action: ", "Action：", "Thought: ", "Reflection:", "Action_Summary: ", "\n", "\n\n", "\r\n", " ", "click(", "type(",
        "drag(", "mobile.", "start_box=", "content=", "point=", "end_point=", "'", "\"", "\\", "(", ")", "[", "]", ",", "=", "<point>", "</point>",
        "<|box_start|>", "<bbox>", "<think>", "</think>", "```", "[EOS]", "</Output>", "4", "-5.5", "1e999", "\\n", "\\x4", "\\U0011FFFF", "wait()", "é", "\ud800",
    ];

    public static TheoryData<string> Ids => [.. UiTarsCases.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_answer_gives_the_actions_that_some_existing_parser_sees(string id)
    {
        var answer = UiTarsCases.Parse(id);

        var records = UiTarsCases.Case(id).GetProperty("npm").GetProperty("parsed").EnumerateArray().ToArray();
        string[] seen = [.. records.Select(r => r.GetProperty("action_type").GetString()!)];
        if (seen.All(name => name != ""))
            Assert.Equal(seen, answer.Actions.Select(a => a.Name));
        else
            Assert.Equal(id is not ("u47" or "u48" or "u49"), answer.Actions.Count == 1);
        Assert.Equal(answer.Actions.Count == 0, answer.Reason == DiagnosticCodes.NoAction);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_point_that_the_JavaScript_parser_reads_is_the_same(string id)
    {
        // u65 is the case where half-up rounding gives another image; u68 has no image size; u52–u55 are malformed.
        if (id is "u65" or "u68" or "u52" or "u53" or "u54" or "u55") return;
        var actions = UiTarsCases.Parse(id).Actions;
        var records = UiTarsCases.Case(id).GetProperty("npm").GetProperty("parsed").EnumerateArray();
        foreach (var (record, action) in records.Zip(actions))
        {
            AssertBox(record, "start_box", action.StartBox);
            AssertBox(record, "end_box", action.EndBox);
        }
    }

    [Theory]
    [InlineData("Action: click(start_box='(209,174)')", "click (208,172)")]
    [InlineData("Action: type(content='Foo bar')", "type \"Foo bar\"")]
    [InlineData("Action: finished()", "finished")]
    [InlineData("Action: hotkey(key='Ctrl+Shift t')", "hotkey ctrl+shift+t")]
    [InlineData("Action: click(x=483, y=273)", "click (480,270)")]
    [InlineData("Action: drag(start_box='(483,273)', end_box='(966,546)')", "drag (480,270) → (960,540)")]
    [InlineData("Action: scroll(direction='down', point='<point>966 546</point>')", "scroll down (960,540)")]
    public void An_action_reads_as_one_line(string answer, string line) =>
        Assert.Equal(line, Answers.Single(answer).ToString(Answers.Screen));

    [Theory]
    [InlineData("<point>483 273</point>")]
    [InlineData("<point>483.0 273.0</point>")]
    [InlineData("(483,273)")]
    [InlineData("( 483 , 273 )")]
    [InlineData("<|box_start|>(483,273)<|box_end|>")]
    [InlineData("(473,263,493,283)")]
    [InlineData("[473, 263, 493, 283]")]
    [InlineData("<bbox>473 263 493 283</bbox>")]
    public void Every_form_of_a_point_is_read(string point) =>
        Assert.Equal(new ScreenPoint(0.25, 0.25), Answers.Single($"Thought: Go.\nAction: click(start_box='{point}')").Point);

    [Theory]
    [InlineData("it's (half) done, a=b")]
    [InlineData("print('hi')")]
    [InlineData("call f('x') now")]
    [InlineData("f('a')\ng('b')")]
    [InlineData("say 'x', then y=1")]
    [InlineData("two\n\nparagraphs")]
    [InlineData("sad :( face")]
    [InlineData("dict['a'] = {'b': 1}")]
    [InlineData("Action: click(start_box='(1,2)')")]
    [InlineData("see below\nAction: none of it")]
    [InlineData("the dogs'")]
    [InlineData("```code```")]
    [InlineData("<point>1 2</point>")]
    [InlineData("")]
    public void Typed_text_survives(string text)
    {
        Assert.Equal(text, Answers.Single($"Thought: Type.\nAction: type(content='{text}')").Text);
        Assert.Equal(text, Answers.Single($"type(content='{text}')").Text);
        Assert.Equal([text, null], Answers.Parse($"Action: type(content='{text}')\n\nwait()").Actions.Select(a => a.Text));
    }

    [Theory]
    [InlineData(@"It\'s", "It's")]
    [InlineData(@"a \""b\""", "a \"b\"")]
    [InlineData(@"one\ntwo", "one\ntwo")]
    [InlineData(@"back\\slash", @"back\slash")]
    public void Escapes_are_resolved_and_kept(string raw, string text)
    {
        var action = Answers.Single($"Action: type(content='{raw}')");

        Assert.Equal((text, raw), (action.Text, action.RawText));
    }

    [Fact]
    public void A_trailing_line_feed_submits()
    {
        Assert.True(Answers.Single(@"Action: type(content='weather\n')").Submits);
        Assert.False(Answers.Single("Action: type(content='weather')").Submits);
    }

    [Fact]
    public void Several_calls_are_several_actions()
    {
        var answer = Answers.Parse("Thought: Both.\nAction: click(point='<point>483 273</point>')\n\ntype(content='don't')\nhotkey(hotkey='alt f4')");

        Assert.Equal(["click (480,270)", "type \"don't\"", "hotkey alt+f4"], answer.Actions.Select(a => a.ToString(Answers.Screen)));
        Assert.Equal("Both.", answer.First!.Thought);
        Assert.Empty(answer.Diagnostics);
    }

    [Fact]
    public void The_last_action_part_counts_with_its_own_thought()
    {
        var answer = Answers.Parse("Thought: First.\nAction: click(start_box='(1,2)')\nThought: Second.\nAction: wait()");

        Assert.Equal("wait", Assert.Single(answer.Actions).Name);
        Assert.Equal("Second.", answer.Thought);
        Assert.Equal(DiagnosticCodes.EarlierActions, Assert.Single(answer.Diagnostics).Code);
    }

    [Fact]
    public void Reflection_and_summary_are_read()
    {
        var answer = Answers.Parse("Reflection: It missed.\nAction_Summary: Click lower.\nAction: call_user()");

        Assert.Equal(("It missed.", "Click lower.", "call_user"), (answer.Reflection, answer.Thought, answer.First!.Name));
    }

    [Theory]
    [InlineData("Thought: I could click() it.\nAction: click(start_box='(483,273)'\n\nwait()", "click,wait")]
    [InlineData("<think>\nAction: wait()\n</think>\nAction: finished(content='done')", "finished")]
    [InlineData("The user wants it closed.\n</think>\n\nAction: press_back()", "press_back")]
    [InlineData("Action:\n```python\nclick(start_box='(483,273)')\nwait()\n```", "click,wait")]
    [InlineData("**Action:** press_home()<|im_end|>", "press_home")]
    [InlineData("Thought: Hold. Action: mobile.long_press(start_box='(483,273)', time='2')", "long_press")]
    [InlineData("Action: Left_Click(point=483, 273)", "click")]
    [InlineData("Action: open_app('Chrome')", "open_app")]
    [InlineData("Action: I will wait (a moment): wait()", "wait")]
    [InlineData("Action: type(content='no end", "type")]
    [InlineData("Action: tap(start_box='(1,2)')", "tap")]
    public void Unusual_forms_are_read(string answer, string names) =>
        Assert.Equal(names, string.Join(',', Answers.Parse(answer).Actions.Select(a => a.Name)));

    [Fact]
    public void Times_and_named_numbers_are_read()
    {
        var press = Answers.Single("Action: long_press(start_box='(483,273)', time='2')");
        Assert.Equal((2, new ScreenPoint(0.25, 0.25)), (press.Time, press.Point));
        Assert.Equal(5, Answers.Single("Action: wait(seconds=5)").Time);
    }

    [Fact]
    public void A_point_off_the_screen_is_flagged_and_not_clamped()
    {
        var answer = Answers.Parse("Action: click(point='<point>-966 2184</point>')");

        Assert.Equal(new ScreenPoint(-0.5, 2), answer.First!.Point);
        Assert.True(answer.First.IsOutsideScreen);
        Assert.Equal(DiagnosticCodes.OutsideScreen, Assert.Single(answer.Diagnostics).Code);
    }

    [Theory]
    [InlineData("Action: click()", DiagnosticCodes.MissingArgument)]
    [InlineData("Action: drag(start_box='(1,2)')", DiagnosticCodes.MissingArgument)]
    [InlineData("Action: hotkey()", DiagnosticCodes.MissingArgument)]
    [InlineData("Action: click(start_box='(1e999,2)')", DiagnosticCodes.BadCoordinates)]
    public void What_cannot_be_carried_out_is_an_error(string answer, string code) => Assert.Equal(code, Answers.Parse(answer).Reason);

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        var fragment = Gen.Int[0, s_fragments.Length - 1].Select(i => s_fragments[i]);
        var text = Gen.OneOf(fragment, Gen.String[0, 3]).Array[0, 40].Select(string.Concat);
        text.Sample(answer =>
        {
            var parsed = Answers.Parse(answer);
            return parsed.Actions.Count > 0 || parsed.Reason is DiagnosticCodes.NoAction or DiagnosticCodes.CutOff;
        }, iter: 20_000);
    }

    private static void AssertBox(JsonElement record, string name, ActionBox? box)
    {
        if (!record.GetProperty("action_inputs").TryGetProperty(name, out var text)) return;
        var numbers = JsonSerializer.Deserialize<double[]>(text.GetString()!)!;
        Assert.Equal(new ActionBox(new(numbers[0], numbers[1]), new(numbers[2], numbers[3])), box);
    }
}
