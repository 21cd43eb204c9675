using CsCheck;
using StarKV.Evaluation.Released;
using StarKV.Evaluation.Tests.Released;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Reproductions parsed what a regular expression had found as if it were a number (reliability F7).</summary>
public sealed class AnswersThatMadeAParserThrow
{
    private static string Extracted(string code) =>
        OpenCuaExtraction.Read(code, 1, 1) is var (actions, error) && error is not null ? error.Exception : string.Join("; ", actions);

    [Theory]
    [InlineData("pyautogui.click(x=0.0.5, y=0.5)", "ValueError")]
    [InlineData("pyautogui.click(x=., y=0.5)", "ValueError")]
    [InlineData("computer.triple_click(x=1, y=2.3.4)", "ValueError")]
    [InlineData("pyautogui.press('a')\npyautogui.moveTo(x=1..2, y=3)", "ValueError")] // the program raises for the whole answer
    [InlineData("pyautogui.scroll(--5)", "ValueError")]
    [InlineData("pyautogui.scroll(-)", "ValueError")]
    [InlineData("pyautogui.scroll(99999999999)", "scroll 2147483647")]
    [InlineData("pyautogui.scroll(-٣)", "scroll -3")] // Python's numbers may have digits of every script
    [InlineData("pyautogui.click(x=٣.5, y=1.)", "click (3.5,1)")]
    public void Where_the_program_raises_the_answer_has_no_action(string code, string extracted) => Assert.Equal(extracted, Extracted(code));

    [Fact]
    public void A_number_of_more_digits_than_Python_reads_raises()
    {
        Assert.Equal("ValueError", Extracted($"pyautogui.scroll({new string('5', 5000)})"));
        var point = $"Action: click(point='<point>{new string('5', 5000)} 1</point>')";
        Assert.Equal("ValueError", PyActionParser.Official(new()).Parse(point).Error?.Exception);
    }

    [Theory]
    [InlineData("pyautogui.click(x=0.0.5, y=0.5)", "pyautogui.click(x=0.0.5, y=0.5)")]
    [InlineData("pyautogui.click(x=9.9.9, y=200)\npyautogui.click(x=200, y=100)", "pyautogui.click(x=9.9.9, y=200)\npyautogui.click(x=2.0, y=1.0)")]
    [InlineData("pyautogui.click(x=200, y=100) pyautogui.click(x=200, y=100)", "pyautogui.click(x=2.0, y=1.0) pyautogui.click(x=200, y=100)")]
    public void The_official_text_keeps_a_point_that_it_cannot_read(string answer, string text)
    {
        Assert.Equal(text, OpenCuaOfficial.ActionText(answer, 100, 100));
        if (answer.Contains("..", StringComparison.Ordinal) || answer.Contains(".0.", StringComparison.Ordinal))
            Assert.Empty(OpenCuaOfficial.Actions(text));
    }

    [Theory]
    [InlineData("pyautogui.click(٣, ٤)")]
    [InlineData("tap ٣, ٤")]
    [InlineData("pyautogui.click(x=1e999, y=9999999999999999999999999)")]
    public void Digits_of_other_scripts_and_endless_numbers_do_not_throw(string answer) =>
        Assert.All(EveryParser.All, parser => parser.Read(answer));

    [Fact]
    public void Digits_of_other_scripts_are_read_where_the_programs_read_them()
    {
        Assert.Equal(3, Assert.Single(OpenCuaGrounding.Points("pyautogui.click(٣, ٤)", 1, 1).Points).X);
        Assert.Equal(0.03, OpenCuaRescue.Of("tap ٣, ٤", 100, 100).Point!.Value.X);
        Assert.Equal("(3,4)", Assert.Single(PyActionParser.Official(new()).Parse("Action: finished(content='<point>٣ ٤</point>')").Records).ActionInputs[0].Text);
    }

    [Fact]
    public void No_change_of_an_answer_makes_a_parser_throw() => HostileAnswers.Mutated.Sample(ReadByAll, iter: 5_000);

    [Fact]
    public void No_heap_of_scraps_makes_a_parser_throw() =>
        HostileAnswers.Repeated.Sample(parts => ReadByAll(HostileAnswers.Repeat(parts, parts.Piece.Length * 12)), iter: 5_000);

    private static void ReadByAll(string answer)
    {
        foreach (var (_, read) in EveryParser.All)
            read(answer);
    }
}
