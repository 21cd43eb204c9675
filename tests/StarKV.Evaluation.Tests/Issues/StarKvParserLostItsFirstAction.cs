using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>The parser released with STaR-KV ends at its first action; ours read on and raised for what stands behind it.</summary>
public sealed class StarKvParserLostItsFirstAction
{
    private static string Read(string answer, bool raises = true)
    {
        var parsed = new StarKvActionParser(new PyParserOptions(), raises).Parse(answer);
        return parsed.Error?.Exception
            ?? string.Join("; ", parsed.Records.Select(r => string.Join(' ', [r.ActionType, .. r.ActionInputs.Select(i => $"{i.Name}={i.Text}")])));
    }

    [Theory]
    [InlineData("Action: click(start_box='(500,250)')\n\nThen it opens.", "click start_box=[0.5, 0.25, 0.5, 0.25]")]
    [InlineData("Action: wait()\n\nclick(start_box='(a,b)')", "wait")]
    [InlineData("Action: wait()\n\nhotkey(key=1)", "wait")]
    [InlineData("Action: wait()\n\ntype(content=\"x\")", "ValueError")]
    [InlineData("Action: Then it opens.\n\nwait()", "ValueError")]
    [InlineData("Action: ", "")]
    public void What_stands_before_a_broken_piece_counts(string answer, string read) => Assert.Equal(read, Read(answer));

    [Theory]
    [InlineData("Action: Then it opens.)\n\nwait()", "wait")]
    [InlineData("Action: type(content=\"x\")\n\nwait()", "wait")]
    [InlineData("Action: nothing", "")]
    public void Without_raising_broken_pieces_are_passed_over(string answer, string read) => Assert.Equal(read, Read(answer, raises: false));

    [Theory]
    [InlineData("<THINK>Action: click(1, 2)</THINK>Action: wait()", "wait")]
    [InlineData("I would CLICK(start_box='(500,250)') now", "CLICK start_box=[0.5, 0.25, 0.5, 0.25]")]
    [InlineData("a click( that stays open, then wait()", "")]
    [InlineData("Action: click(400.9, 300)", "click point=(400,300)")]
    [InlineData("Action: click('400', -3, button='left')", "click button=left point=(400,-3)")]
    [InlineData("Action: scroll(400, 300)", "scroll")]
    [InlineData("Action: click('left', 300)", "ValueError")]
    [InlineData("Action: click(point='<point>500.7 .5</point>')", "click start_box=[0.5, 0.0, 0.5, 0.0]")]
    [InlineData("Action: click(point='<point>1.2.3 5</point>')", "ValueError")]
    public void It_reads_what_the_released_program_reads(string answer, string read) => Assert.Equal(read, Read(answer));
}
