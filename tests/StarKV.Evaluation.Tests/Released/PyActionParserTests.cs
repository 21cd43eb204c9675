using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class PyActionParserTests
{
    private static readonly PyParserOptions s_thousandths = new();

    private static string Read(string answer, PyParserOptions? options = null) => Text(PyActionParser.Official(options ?? s_thousandths).Parse(answer));

    private static string Text(CompatibilityAnswer answer) => answer.Error?.Exception ?? string.Join("; ", answer.Records);

    [Theory]
    [InlineData("Action: click(start_box='(500,250)')", "click [start_box=[0.5, 0.25, 0.5, 0.25]]")]
    [InlineData("Action: click(point='<point>500 250</point>')[EOS]", "click [start_box=[0.5, 0.25, 0.5, 0.25]]")]
    [InlineData("Action: click(point='<point>500.5 250</point>')", "ValueError")]
    [InlineData("Action: drag(start_point='(100,200)', end_point='(300,400)')", "drag [start_box=[0.1, 0.2, 0.1, 0.2], end_box=[0.3, 0.4, 0.3, 0.4]]")]
    [InlineData("Action: click(start_box='(100,200,300,400)')", "click [start_box=[0.1, 0.2, 0.3, 0.4]]")]
    [InlineData("Action: click(start_box='100')", "click [start_box=[0.1]]")]
    [InlineData("Action: click(start_box='[100,200]')", "ValueError")]
    [InlineData("Action: click(start_box='left')", "ValueError")]
    [InlineData("Action: click(500, 250)", "click []")]
    [InlineData("Action: mobile.click(start_box='(100,200)'", "click [start_box=[0.1, 0.2, 0.1, 0.2]]")]
    [InlineData("Action: wait()\n\nhotkey(key=' a ')", "wait []; hotkey [key=a ]")]
    [InlineData("Action: wait()\n\nThen it opens.", "ValueError")]
    [InlineData("Action: hotkey(key='', other='b', other='c')", "hotkey [other=c]")]
    [InlineData("Action: hotkey(key=1)", "AttributeError")]
    [InlineData("Action: hotkey(**keys)", "AttributeError")]
    [InlineData("Action: type(content='it's')", "type [content=it's]")]
    [InlineData("Action: type(content='it\\'s')", "type [content=it's]")]
    [InlineData("Action: type(content='a'", "type [content=a]")]
    [InlineData("Action: type(content='a\nb')", "ValueError")]
    [InlineData("Action: type(content=\"a\")", "ValueError")]
    [InlineData("Action: hotkey(key='a\nb')", "hotkey [key=a\nb]")]
    [InlineData("Action:wait()", "ValueError")]
    [InlineData("Action: a()\nAction: b()", "b []")]
    [InlineData("wait()", "AssertionError")]
    [InlineData("", "AssertionError")]
    public void It_reads_what_the_released_program_reads(string answer, string read) => Assert.Equal(read, Read(answer));

    [Fact]
    public void Only_GuiKv_takes_an_answer_without_an_action()
    {
        Assert.Equal("", Text(PyActionParser.GuiKv(s_thousandths).Parse("wait()")));
        Assert.Equal("wait []", Text(PyActionParser.GuiKv(s_thousandths).Parse("Action: wait()")));
    }

    [Theory]
    [InlineData(140, 140, "start_box=[0.5, 0.25, 0.5, 0.25]", "(140,70)")] // enlarged to 78,400 pixels: 280 × 280
    [InlineData(700, 392, "start_box=[0.5, 0.25, 1.0, 0.75]", "(350,98,700,294)")]
    [InlineData(742, 700, "start_box=[0.5, 0.5, 0.5, 0.5]", "(364,350)")] // 26½ · 28: half to even, 728
    public void With_a_screen_numbers_are_pixels_of_the_resized_image(int width, int height, string read, string box) =>
        Assert.Equal($"click [{read}]", Read($"Action: click(start_box='{box}')", new() { Screen = (width, height) }));

    [Fact]
    public void A_screen_that_cannot_be_resized_raises() =>
        Assert.Equal("ValueError", Read("Action: wait()", new() { Screen = (4020, 20) }));

    [Fact]
    public void Without_a_screen_the_factor_divides_both() =>
        Assert.Equal("click [start_box=[0.5, 0.25, 0.5, 0.25]]", Read("Action: click(start_box='(50,25)')", new() { Factor = 100 }));

    [Theory]
    [InlineData("Thought: I wait. \n Action: wait()", null, "I wait.")]
    [InlineData("Thought: one\n\ntwo\nAction: wait()", null, "one\n\ntwo")]
    [InlineData("So. Thought: I wait.\nAction: wait()", null, "I wait.")]
    [InlineData("Thought:I wait.\nAction: wait()", null, null)]
    [InlineData("Action: wait()", null, null)]
    [InlineData("Reflection: It failed. \nAction_Summary: I wait. \nAction: wait()", "It failed.", "I wait.")]
    [InlineData("Reflection: It failed.\nThought: I wait.\nAction: wait()", null, null)]
    [InlineData("Action_Summary: I wait. \nAction: wait()", null, "I wait.")]
    [InlineData("Action_Summary: one\nThought: two\nAction: wait()", null, "one\nThought: two")]
    [InlineData("So. Action_Summary: I wait.\nAction: wait()", null, null)]
    public void Reflection_and_thought_stand_behind_their_labels(string answer, string? reflection, string? thought)
    {
        var record = Assert.Single(PyActionParser.Official(s_thousandths).Parse(answer).Records);
        Assert.Equal((reflection, thought), (record.Reflection, record.Thought));
    }
}
