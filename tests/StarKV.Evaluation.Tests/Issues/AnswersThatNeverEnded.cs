using System.Globalization;
using System.Text.Json;
using CsCheck;
using StarKV.Act;
using StarKV.Decode;
using StarKV.Evaluation.Released;
using StarKV.Evaluation.Tests.Released;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>An answer of 5 KB kept a parser for more than a minute, and one of 16 KB the engine's own for half a second (reliability F8).</summary>
public sealed class AnswersThatNeverEnded
{
    private const int Short = 32 << 10;
    private const int Long = 8 * Short;

    [Fact]
    public void Blanks_in_a_tagged_answer_take_no_time()
    {
        var answer = $"Thought: Select the region.\nAction: click(}}tart_box='<=273)\n```bbox>{{}} 200 300{new(' ', 792)}x\nAction: {new(' ', 4186)}x";
        var parser = new JsActionParser(new() { TaggedAnswer = true });
        Assert.True(ProcessorTime.Of(() => parser.Parse(answer)) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Comments_behind_a_line_end_take_no_time()
    {
        var answer = $"Action: click() {new('#', 60)}\rx";
        Assert.True(ProcessorTime.Of(() => PyActionParser.Official(new()).Parse(answer)) < TimeSpan.FromSeconds(1));
    }

    /// <summary>What is in front, what is repeated, and what is behind it.</summary>
    public static TheoryData<string, string, string> Heaps => new()
    {
        { "", "type('''", "" },
        { "Action: ", "type(content='a\")\n", "" },
        { "Action: hotkey(", "a='('," , "" },
        { "Action: type(", "(", "x='" },
        { "", "Action:\n", "" },
        { "", "Action: wait()\n", "" },
        { "Thought: ", "Thought: ", "" },
        { "Thought: x", " ", "x" },
        { "Reflection: x", " ", "Action_Summary: x" },
        { "Action_Summary: x", " ", "x" },
        { "<Thought>x", " ", "x" },
        { "Thought: x\nAction_Summary:x", " ", "x" },
        { "Thought: x\nAction:x", " ", "x" },
        { "x", "\n", "x" },
        { "", "<think>\n", "" },
        { "", "<thought>", "" },
        { "Action: type(content='", "\\", "')" },
        { "Action: type(content='", "'", "')" },
        { "Action: type(content='", "”", "')" },
        { "Action: ", "type(content='", "\n" },
        { "Action: a(", "b='c',", ")" },
        { "Action: a(x='", "1,", "')" },
        { "Action: ", "x.", "" },
        { "Action: ", "x,", "" },
        { "Action: click() ", "#", "\rx" },
        { "Action: a(b=", "'c' ", ")" },
        { "pyautogui.write(", "'a' ", ")" },
        { "pyautogui.write(", "'a' + ", "'b')" },
        { "pyautogui.write(", "[1] + ", "[2])" },
        { "", "pyautogui.a(\"\"\"\\", "" },
        { "", "pyautogui.a(); ", "" },
        { "", "pyautogui.write('", "" },
        { "pyautogui.press(", "keys=[", "" },
        { "tap ", "1", "" },
        { "tap", "1 ", "" },
        { "pyautogui.click(x=", "1", ", y=2)" },
        { "pyautogui.click(x=", "1.", ", y=2)" },
        { "Action: click(start_box='", "1", "')" },
        { "Action: click(point='<point>", "1", " 2</point>')" },
        { "", "Code:\n", "" },
        { "", "```", "" },
        { "", "[(", "" },
        { "Action: hotkey(key='", "ctrl+", "')" },
    };

    [Theory]
    [MemberData(nameof(Heaps))]
    public void Eight_times_the_text_takes_about_eight_times_as_long(string front, string piece, string behind)
    {
        var (few, many) = (HostileAnswers.Repeat((front, piece, behind), Short), HostileAnswers.Repeat((front, piece, behind), Long));
        var slowest = (Name: "", Few: TimeSpan.Zero, Many: TimeSpan.Zero);
        foreach (var (name, read) in EveryParser.All)
        {
            var once = ProcessorTime.Least(2, () => read(few));
            // Quadratic time would be 64 times as long; what takes next to nothing is not compared.
            var most = 24 * once + TimeSpan.FromMilliseconds(300);
            var taken = ProcessorTime.Of(() => read(many));
            if (taken >= most) taken = ProcessorTime.Least(3, () => read(many));
            Assert.True(taken < most, $"{name} takes {taken} for {Long} characters; at most {most} would be in proportion.");
            if (taken > slowest.Many) slowest = (name, once, taken);
        }

        // eng/parser-growth.sh collects the figures.
        if (Environment.GetEnvironmentVariable("STARKV_PARSER_GROWTH") is { Length: > 0 } file)
            File.AppendAllText(file, JsonSerializer.Serialize(new[] { front, piece, behind, slowest.Name, Milliseconds(slowest.Few), Milliseconds(slowest.Many) }) + "\n");
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    [Fact]
    public void Heaps_of_scraps_take_little_time() => HostileAnswers.Repeated.Sample(
        parts =>
        {
            var answer = HostileAnswers.Repeat(parts, Short);
            foreach (var (name, read) in EveryParser.All)
            {
                // A collection of garbage may fall into one run.
                var taken = ProcessorTime.Least(3, () => read(answer));
                Assert.True(taken < TimeSpan.FromSeconds(2), $"{name}: {taken}");
            }
        },
        iter: 100);

    [Fact]
    public void An_answer_that_sends_the_parser_back_too_often_has_a_reason()
    {
        var answer = HostileAnswers.Repeat(("", "type('''", ""), Long);
        Assert.All(Enum.GetValues<ActionLanguage>(), language =>
        {
            var parsed = ActionParser.Parse(language, answer, EveryParser.Screen, FinishReason.Length);
            Assert.Empty(parsed.Actions);
            Assert.NotNull(parsed.Reason);
        });
        Assert.Equal(DiagnosticCodes.Tangled, UiTarsActionParser.Parse(answer, EveryParser.Screen).Reason);
    }

    [Fact]
    public void No_answer_of_the_vectors_is_tangled() => Assert.All(HostileAnswers.Written, answer => Assert.All(
        Enum.GetValues<ActionLanguage>(),
        language => Assert.NotEqual(DiagnosticCodes.Tangled, ActionParser.Parse(language, answer, EveryParser.Screen).Reason)));

    [Fact]
    public void A_long_answer_of_many_calls_is_read_to_its_end()
    {
        var lines = string.Concat(Enumerable.Repeat("pyautogui.write(message=\"it's (so\")\n", 5000));
        Assert.Equal(5000, ActionParser.Parse(ActionLanguage.OpenCua, lines, EveryParser.Screen).Actions.Count);
        var calls = "Action: " + string.Concat(Enumerable.Repeat("type(content='it's (so')\n", 5000));
        Assert.Equal(5000, UiTarsActionParser.Parse(calls, EveryParser.Screen).Actions.Count);
    }

    [Fact]
    public void Stop_strings_look_at_each_character_a_bounded_number_of_times()
    {
        TimeSpan Taken(int pieces) => ProcessorTime.Least(3, () =>
        {
            var stops = new StopStrings(["</end>"], null);
            for (var i = 0; i < pieces; i++)
                stops.Push("click");
        });

        var most = 24 * Taken(4_000) + TimeSpan.FromMilliseconds(300);
        Assert.True(Taken(32_000) < most);
    }

    [Fact]
    public void Marks_out_of_order_are_sorted_in_little_time()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000));
        var sorted = "";
        Assert.True(ProcessorTime.Of(() => sorted = Nfc.Normalize(marks)) < TimeSpan.FromSeconds(5));
        Assert.Equal(new string('\u0323', 100_000) + new string('\u0301', 100_000), sorted);
    }
}
