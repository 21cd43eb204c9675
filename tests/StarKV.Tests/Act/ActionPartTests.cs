using StarKV.Act;

namespace StarKV.Tests.Act;

public class ActionPartTests
{
    [Theory]
    [InlineData("Action: wait(); press_home()", "wait|press_home")]
    [InlineData("Action: wait() ;\n press_home();", "wait|press_home")]
    [InlineData("Action: wait()\ntap(start_box='(483,273)')", "wait|tap", DiagnosticCodes.UnknownAction)]
    [InlineData("Action: wait()\nclick(483, 273)", "wait|click", DiagnosticCodes.PositionalArguments)]
    [InlineData("Action: wait()\nnote (this)", "wait", DiagnosticCodes.TrailingText)]
    [InlineData("Action: wait()\nnote (this, a=1)", "wait", DiagnosticCodes.TrailingText)]
    [InlineData("Action: wait()\nclick (this)", "wait", DiagnosticCodes.TrailingText)]
    [InlineData("Action: wait(); ;press_home()", "wait", DiagnosticCodes.TrailingText)]
    [InlineData("Action: I will wait: press_home()", "press_home", DiagnosticCodes.LeadingText)]
    [InlineData("Action: nothing\nAction: wait()", "wait")]
    [InlineData("Action: wait()\nAction: nothing", "wait", DiagnosticCodes.TrailingText)]
    [InlineData("I wait(); press_home()", "wait|press_home")]
    [InlineData("press_home() it is", "press_home", DiagnosticCodes.TrailingText)]
    public void The_calls_of_an_answer_follow_each_other(string answer, string names, params string[] codes)
    {
        var parsed = Answers.Parse(answer);
        Assert.Equal(names, string.Join('|', parsed.Actions.Select(a => a.Name)));
        Assert.Equal(codes, parsed.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void All_actions_of_earlier_parts_are_counted()
    {
        var parsed = Answers.Parse("Action: wait()\npress_home()\nAction: press_back()\nAction: hover(point='1 2')");
        Assert.Equal("hover", Assert.Single(parsed.Actions).Name);
        Assert.StartsWith("3 ", Assert.Single(parsed.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_in_typed_text_is_none()
    {
        var parsed = Answers.Parse("Action: type(content='a\nAction: none')\nAction: wait()");
        Assert.Equal("wait", Assert.Single(parsed.Actions).Name);
        Assert.StartsWith("1 ", Assert.Single(parsed.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_of_an_action_is_its_call()
    {
        var parsed = Answers.Parse("Action: click(start_box='(1,2)' \n\nmobile.wait( )");
        Assert.Equal(["click(start_box='(1,2)'", "mobile.wait( )"], parsed.Actions.Select(a => a.Source));
    }

    [Theory]
    [InlineData("Thought: Plan.\nAction: wait()", "Plan.")]
    [InlineData("<thought>Plan.</thought>\nAction: wait()", "Plan.")]
    [InlineData("Thought: First.\n<thought>Plan.</thought>\nAction: wait()", "Plan.")]
    [InlineData("Thought: Plan. <thought> </thought>\nAction: wait()", "Plan. <thought> </thought>")]
    [InlineData("Thought:\nAction: wait()", null)]
    [InlineData("Plan.\nAction: wait()", null)]
    public void The_thought_is_in_front(string answer, string? thought) => Assert.Equal(thought, Answers.Parse(answer).First!.Thought);

    [Fact]
    public void A_quoted_answer_is_cut_to_sixty_characters()
    {
        var sixty = new string('a', 60);
        Assert.Equal(sixty, ActionPart.Shorten(sixty));
        Assert.Equal(sixty, ActionPart.Shorten($" \n{sixty}\n "));
        Assert.Equal(sixty + "…", ActionPart.Shorten(sixty + "b"));
        Assert.Equal("a b", ActionPart.Shorten("a\r\nb"));
        Assert.Equal("", ActionPart.Shorten(" "));
    }

    [Fact]
    public void A_line_end_of_two_characters_counts_as_one()
    {
        static string Lines(int count) => $"a{string.Concat(Enumerable.Repeat("\r\n", count))}b";
        Assert.Equal($"a{new string(' ', 58)}b", ActionPart.Shorten(Lines(58)));
        Assert.Equal($"a{new string(' ', 59)}…", ActionPart.Shorten(Lines(59)));
        Assert.Equal($"a{new string(' ', 59)}…", ActionPart.Shorten(Lines(60)));
    }
}
