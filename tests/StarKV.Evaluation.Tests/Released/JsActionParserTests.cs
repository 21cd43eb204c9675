using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class JsActionParserTests
{
    private static string Read(string answer, JsParserOptions options)
    {
        var parsed = new JsActionParser(options).Parse(answer);
        Assert.Null(parsed.Error);
        return string.Join("; ", parsed.Records);
    }

    [Theory]
    [InlineData("Action: click(start_box='(500,250)')", "click [start_box=[0.5,0.5,0.5,0.5]]")]
    [InlineData("Action: drag(start_box='(100,100)', end_box='[200, 300]')", "drag [start_box=[0.1,0.2,0.1,0.2], end_box=[0.2,0.6,0.2,0.6]]")]
    [InlineData("Action: click(start_box='(100,100,300,400)')", "click [start_box=[0.1,0.2,0.3,0.8]]")]
    [InlineData("Action: click(start_box='(100,100,300)')", "click [start_box=[0.1,0.2,0.3]]")]
    [InlineData("Action: click(start_box='(100)')", "click [start_box=[0.1]]")]
    [InlineData("Action: click(start_box='100,,100px')", "click [start_box=[0.1,0.2,0.1,0.2]]")]
    [InlineData("Action: click(start_box='(left,100)')", "click [start_box=[null,0.2,null,0.2]]")]
    [InlineData("Action: click(start_box='()')", "click [start_box=[]]")]
    [InlineData("Action: click(my_end_box_2='(100,100)')", "click [my_end_box_2=[0.1,0.2,0.1,0.2]]")]
    [InlineData("Action: type(content=' a ', extra='')", "type [content=a]")]
    [InlineData("Action: type(content='1,2')", "type [content=1,2]")]
    public void Boxes_are_divided_by_the_factors_and_texts_stay(string answer, string read) =>
        Assert.Equal(read, Read(answer, new() { FactorX = 1000, FactorY = 500 }));

    [Theory]
    [InlineData("(500,250)", "start_coords=[960, 270]")]
    [InlineData("(100,100,300,400)", "start_coords=[384, 270]")]
    [InlineData("(100,100,300)", "start_coords=[384, 108]")]
    [InlineData("(100)", "start_coords=[]")]
    [InlineData("(1,1)", "start_coords=[1.92, 1.08]")]
    [InlineData("(left,100)", "start_coords=[NaN, 108]")]
    public void A_screen_adds_the_middle_in_pixels(string box, string coordinates) =>
        Assert.EndsWith($", {coordinates}]", Read($"Action: click(start_box='{box}')", new() { Screen = (1920, 1080) }));

    [Fact]
    public void Both_ends_of_a_drag_have_pixels() => Assert.Equal(
        "drag [start_box=[0.1,0.2,0.1,0.2], start_coords=[100, 100], end_box=[0.3,0.4,0.3,0.4], end_coords=[300, 200]]",
        Read("Action: drag(start_box='(100,200)', end_box='(300,400)')", new() { Screen = (1000, 500) }));

    [Fact]
    public void Pixels_are_multiplied_by_the_scale_factor() =>
        Assert.EndsWith("start_coords=[240, 250]]", Read("click(start_box='(120,250)')", new() { Screen = (1000, 500), ScaleFactor = 2 }));

    [Fact]
    public void Pixels_have_as_many_decimals_as_the_factor() => // 0.5 · 333 = 166.5 and 0.25 · 333 = 83.25; in halves 166.5 and 83.5
        Assert.EndsWith("start_coords=[166.5, 83.5]]", Read("click(start_box='(1,0.5)')", new() { Screen = (333, 333), FactorX = 2, FactorY = 2 }));

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1000, 0)]
    public void A_screen_without_extent_is_none(int width, int height)
    {
        var parsed = new JsActionParser(new() { Screen = (width, height), ModelVersion = "1.5" }).Parse("click(start_box='(500,250)')");
        Assert.Equal("click [start_box=[0.5,0.25,0.5,0.25]]", Assert.Single(parsed.Records).ToString());
        Assert.Equal(0, parsed.LoggedErrors);
    }

    [Theory]
    [InlineData(742, 700, "(378,350)", "start_box=[0.5,0.5,0.5,0.5], start_coords=[371, 350]")] // 26½ · 28: half up to 756, where Python has 728
    [InlineData(140, 140, "(140,70)", "start_box=[0.5,0.25,0.5,0.25], start_coords=[70, 35]")] // enlarged to 78,400 pixels: 280 × 280
    public void Version_1_5_counts_pixels_of_the_resized_image(int width, int height, string box, string read) =>
        Assert.Equal($"click [{read}]", Read($"click(start_box='{box}')", new() { Screen = (width, height), ModelVersion = "1.5" }));

    [Fact]
    public void Other_versions_and_no_screen_count_by_the_factors()
    {
        Assert.Equal("click [start_box=[0.5,0.5,0.5,0.5], start_coords=[70, 70]]", Read("click(start_box='(500,500)')", new() { Screen = (140, 140) }));
        Assert.Equal("click [start_box=[0.5,0.5,0.5,0.5]]", Read("click(start_box='(500,500)')", new() { ModelVersion = "1.5" }));
    }

    [Fact]
    public void A_screen_that_cannot_be_resized_is_logged_and_the_factors_count()
    {
        var parsed = new JsActionParser(new() { Screen = (4020, 20), ModelVersion = "1.5" }).Parse("click(start_box='(500,500)')");
        Assert.Equal("click [start_box=[0.5,0.5,0.5,0.5], start_coords=[2010, 10]]", Assert.Single(parsed.Records).ToString());
        Assert.Equal(1, parsed.LoggedErrors);
    }

    [Fact]
    public void Every_empty_line_begins_a_record_and_what_is_no_call_is_logged()
    {
        var parsed = new JsActionParser(new()).Parse("Thought: I type.\nAction: type(content='a\nb')\n\nIt (hopefully) opens\n\n wait()");
        Assert.Equal(@"type [content=a\nb];  []; wait []", string.Join("; ", parsed.Records));
        Assert.Equal(["I type.", "I type.", "I type."], parsed.Records.Select(r => r.Thought));
        Assert.Equal("", parsed.Records[1].ActionType);
        Assert.Equal(1, parsed.LoggedErrors);
    }

    [Fact]
    public void A_missing_thought_is_an_empty_text_and_a_reflection_is_kept()
    {
        Assert.Equal(("", null), Heads("wait()", new()));
        Assert.Equal(("I wait.", "It failed."), Heads("Reflection: It failed.\nAction_Summary: I wait.\nAction: wait()", new()));
        Assert.Equal(("a\n<Action_Summary>\nb", null), Heads("<Thought>a</Thought>\nAction_Summary: b\nAction: wait()</Output>", new() { TaggedAnswer = true }));
    }

    private static (string? Thought, string? Reflection) Heads(string answer, JsParserOptions options)
    {
        var record = Assert.Single(new JsActionParser(options).Parse(answer).Records);
        Assert.Equal("wait", record.ActionType);
        return (record.Thought, record.Reflection);
    }
}
