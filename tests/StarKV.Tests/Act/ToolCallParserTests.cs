using StarKV.Act;
using StarKV.Decode;

namespace StarKV.Tests.Act;

public sealed class ToolCallParserTests
{
    private static readonly CoordinateMapper s_screen = CoordinateMapper.ForThousandths(1000, 500);

    private static ParsedAnswer Read(string answer, FinishReason? finish = null) => ToolCallParser.Parse(answer, s_screen, finish);

    private static ParsedAnswer Call(string arguments, string tool = "computer_use") =>
        Read($$"""<tool_call>{"name": "{{tool}}", "arguments": {{arguments}}}</tool_call>""");

    private static IEnumerable<string> Warnings(ParsedAnswer answer) =>
        answer.Diagnostics.Where(d => d.Severity is DiagnosticSeverity.Warning).Select(d => d.Code);

    [Theory]
    [InlineData("""{"action": "left_click", "coordinate": [100, 100],}""")]
    [InlineData("""{"action": "left_click", "coordinate": [100, 100,]}""")]
    [InlineData("""{"action": "left_click", "coordinate": (100, 100)}""")]
    [InlineData("""{'action': 'left_click', 'coordinate': [100, 100], 'text': None}""")]
    [InlineData("""{"action": "left_click", "coordinate": [100, 100}""")]
    public void What_is_usually_forgotten_is_repaired(string arguments)
    {
        var answer = Call(arguments);
        Assert.Equal("click (0.1,0.1)", Assert.Single(answer.Actions).ToString());
        Assert.Equal([DiagnosticCodes.RepairedJson], Warnings(answer));
    }

    [Theory]
    [InlineData("""<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [100, 10""", null, DiagnosticCodes.CutOff)]
    [InlineData("""<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [100, 100]""", FinishReason.Length, DiagnosticCodes.CutOff)]
    [InlineData("""<tool_call>{"name": "computer_use", "arguments": {"action": "type", "text": "half""", FinishReason.Length, DiagnosticCodes.CutOff)]
    [InlineData("""<tool_call>{"name": "computer_use", "arguments": {"action": "type", "text": "half""", null, DiagnosticCodes.BadJson)]
    [InlineData("""<tool_call>{"name": "computer_use", "arguments": {"action": "type", "te""", FinishReason.Stop, DiagnosticCodes.BadJson)]
    [InlineData("""<tool_call>{"name" "computer_use"}</tool_call>""", FinishReason.Length, DiagnosticCodes.BadJson)]
    [InlineData("""<tool_call>[1, 2]</tool_call>""", null, DiagnosticCodes.BadJson)]
    [InlineData("<tool_call>", null, DiagnosticCodes.BadJson)]
    public void A_call_that_is_not_whole_is_no_action(string answer, FinishReason? finish, string code)
    {
        var parsed = Read(answer, finish);
        Assert.Empty(parsed.Actions);
        Assert.Equal(code, parsed.Reason);
    }

    [Fact]
    public void A_whole_call_without_its_end_tag_is_an_action_also_at_the_longest_length()
    {
        var parsed = Read("""<tool_call>{"name": "computer_use", "arguments": {"action": "wait", "time": 2}}""", FinishReason.Length);
        Assert.Equal(2, Assert.Single(parsed.Actions).Time);
        Assert.Equal([DiagnosticCodes.UnclosedCall], Warnings(parsed));
    }

    [Fact]
    public void A_call_that_cannot_be_read_ends_the_reading()
    {
        var parsed = Read(
            """
            <tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [1, 2]}}</tool_call>
            <tool_call>{"name": "computer_use", "arguments": {"action": "left_click"}}</tool_call>
            <tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [3, 4]}}</tool_call>
            """);
        Assert.Equal("click (0.001,0.002)", Assert.Single(parsed.Actions).ToString());
        Assert.Equal(DiagnosticCodes.BadCoordinates, parsed.Reason);
    }

    [Theory]
    [InlineData("""{"action": "type"}""")]
    [InlineData("""{"action": "scroll"}""")]
    [InlineData("""{"action": "key", "keys": []}""")]
    [InlineData("""{"action": "key"}""")]
    [InlineData("""{"action": "answer"}""")]
    public void What_an_action_needs_is_said(string arguments)
    {
        var answer = Call(arguments);
        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.MissingArgument, answer.Reason);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[1, 2, 3]")]
    [InlineData("[1, true]")]
    [InlineData("[[1, 2]]")]
    [InlineData("[1e999, 2]")]
    [InlineData("\"here\"")]
    [InlineData("{\"x\": 1}")]
    [InlineData("7")]
    [InlineData("null")]
    public void What_is_no_place_is_never_guessed(string place)
    {
        var answer = Call($$"""{"action": "left_click", "coordinate": {{place}}}""");
        Assert.Empty(answer.Actions);
        Assert.Equal(DiagnosticCodes.BadCoordinates, answer.Reason);
    }

    [Theory]
    [InlineData("""{"action": "swipe", "coordinate": [1, 2]}""", DiagnosticCodes.BadCoordinates)]
    [InlineData("""{"action": "left_click", "coordinate": [1, 2]}""", DiagnosticCodes.UnknownAction)]
    [InlineData("""{"action": "system_button"}""", DiagnosticCodes.MissingArgument)]
    [InlineData("""{"coordinate": [1, 2]}""", DiagnosticCodes.UnknownAction)]
    [InlineData("\"click\"", DiagnosticCodes.BadJson)]
    public void Of_the_phone_only_what_it_has(string arguments, string code) => Assert.Equal(code, Call(arguments, "mobile_use").Reason);

    [Fact]
    public void Another_tool_is_named_in_the_error()
    {
        var answer = Call("""{"action": "click", "label": 3}""", "browser_use");
        Assert.Equal(DiagnosticCodes.UnknownAction, answer.Reason);
        Assert.Equal("'browser_use' is not a tool that is read here; computer_use and mobile_use are.", answer.Diagnostics[^1].Message);
    }

    [Theory]
    [InlineData("computer_use", """{"action": "hscroll", "pixels": -3}""", "hscroll")]
    [InlineData("computer_use", """{"action": "scroll", "pixels": 3}""", "scroll up")]
    [InlineData("computer_use", """{"action": "hotkey", "keys": "ctrl+shift+t"}""", "hotkey ctrl+shift+t")]
    [InlineData("computer_use", """{"action": "key", "keys": ["["]}""", "hotkey [")]
    [InlineData("computer_use", """{"action": "drag", "coordinate1": [0, 0], "coordinate2": [1000, 1000]}""", "drag (0,0) → (1,1)")]
    [InlineData("computer_use", """{"action": "interact", "text": "Log in, please."}""", "call_user \"Log in, please.\"")]
    [InlineData("computer_use", """{"action": "done"}""", "finished")]
    [InlineData("computer_use", """{"action": "triple_click", "coordinate": [500, 500]}""", "triple_click (0.5,0.5)")]
    [InlineData("mobile_use", """{"action": "tap", "coordinate": [500, 500]}""", "click (0.5,0.5)")]
    [InlineData("mobile_use", """{"action": "key", "text": "volume_up"}""", "key \"volume_up\"")]
    [InlineData("mobile_use", """{"action": "system_button", "button": "Home"}""", "press_home")]
    [InlineData("mobile_use", """{"action": "system_button", "button": "Menu"}""", "system_button")]
    public void Actions_are_named_as_in_the_other_languages(string tool, string arguments, string shown)
    {
        var answer = Call(arguments, tool);
        Assert.Equal(shown, Assert.Single(answer.Actions).ToString());
        Assert.Null(answer.Reason);
    }

    [Theory]
    [InlineData("<thinking>The {\"action\": \"left_click\"} was wrong.</thinking>", "The {\"action\": \"left_click\"} was wrong.")]
    [InlineData("<think></think>", null)]
    [InlineData("First.</think> Second.</think>", "First.</think> Second.")]
    public void Thinking_text_is_no_answer(string thinking, string? thought)
    {
        var answer = Read(thinking + "\n<tool_call>{\"name\": \"computer_use\", \"arguments\": {\"action\": \"wait\", \"time\": 1}}</tool_call>");
        Assert.Equal("wait", Assert.Single(answer.Actions).Name);
        Assert.Equal(thought, answer.Thought);
        Assert.Equal(thought, answer.First!.Thought);
    }

    [Fact]
    public void A_tag_that_is_typed_ends_no_thought()
    {
        var answer = Call("""{"action": "type", "text": "a</think>b</tool_call>"}""");
        Assert.Equal("a</think>b</tool_call>", Assert.Single(answer.Actions).Text);
        Assert.Empty(answer.Diagnostics);
    }

    [Theory]
    [InlineData("""So: {"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [100, 100]}} it is.""")]
    [InlineData("""Not {this}. {"action": "left_click", "coordinate": [100, 100]}""")]
    public void A_call_without_its_tag_is_found_by_its_fields(string text) =>
        Assert.Equal("click (0.1,0.1)", Assert.Single(Read(text).Actions).ToString());

    [Fact]
    public void A_text_in_single_quotes_may_hold_some()
    {
        var answer = Call("""{'action': 'type', 'text': 'it's "so"\n'}""");
        Assert.Equal("it's \"so\"\n", Assert.Single(answer.Actions).Text);
        Assert.True(answer.First!.Submits);
    }

    [Fact]
    public void The_source_is_the_call_as_written()
    {
        const string Written = "<tool_call>\n{\"name\": \"computer_use\", \"arguments\": {\"action\": \"wait\", \"time\": 1}}\n</tool_call>";
        var action = Read($"Action: Wait.\n{Written} and so on").First!;
        Assert.Equal((Written, "Wait."), (action.Source, action.Thought));
        Assert.Equal([("action", "wait"), ("time", "1")], action.Arguments.Select(a => (a.Name, a.Value)));
    }
}
