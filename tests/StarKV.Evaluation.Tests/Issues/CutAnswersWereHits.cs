using StarKV.Act;
using StarKV.Decode;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Metrics;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>An answer that ends inside a number could hit the target with what was left of it.</summary>
public sealed class CutAnswersWereHits
{
    private const string CutCall = "Action: click(start_box='(168,16", WholeCall = "Action: click(start_box='(168,168)')";
    private const string CutCode = "pyautogui.click(x=168, y=16", WholeCode = "pyautogui.click(x=168, y=168)";

    // Everything is a target, so whatever is read as a point is a hit.
    private static readonly RelativeBox s_everywhere = new(0, 0, 1, 1);

    private static BenchmarkOptions Options(AnswerFamily family, Profile profile) => new("", "") { Family = family, Profile = profile };

    private static GroundingAnswer Answer(AnswerFamily family, string text, FinishReason finish)
    {
        var answer = Answers.Of(text);
        var language = family is AnswerFamily.OpenCua ? ActionLanguage.OpenCua : ActionLanguage.UiTars;
        return answer with { Finish = finish, Parsed = ActionParser.Parse(language, text, answer.Coordinates, finish) };
    }

    /// <summary>Whether each benchmark reads a point.</summary>
    private static bool[] Points(AnswerFamily family, Profile profile, string text, FinishReason finish)
    {
        var (options, answer) = (Options(family, profile), Answer(family, text, finish));
        var phone = PhoneAnswer.Of(options, answer, new PhoneScreen(336, 336, 336, 336));
        return
        [
            GroundedPoint.Judge(options, answer, s_everywhere).Verdict is Verdict.Right,
            PredictedActions.Of(options, answer).Any(a => a.Point is not null),
            phone.Point is not null,
            WebAnswer.Of(options, answer, 336, 336).Point is not null,
        ];
    }

    [Theory]
    [Trait("outside", "1.28")]
    [InlineData(AnswerFamily.UiTars, CutCall, WholeCall)]
    [InlineData(AnswerFamily.OpenCua, CutCode, WholeCode)]
    [InlineData(AnswerFamily.OpenCua, "## Code:\n```python\n" + CutCode, "## Code:\n```python\n" + WholeCode + "\n```")]
    public void No_benchmark_reads_a_point_from_them_under_strict(AnswerFamily family, string cut, string whole)
    {
        foreach (var finish in Enum.GetValues<FinishReason>())
        {
            Assert.All(Points(family, Profile.Strict, cut, finish), Assert.False);
            Assert.All(Points(family, Profile.Strict, whole, finish), Assert.True);
        }
    }

    [Fact]
    public void At_the_token_limit_an_open_call_is_none()
    {
        Assert.All(Points(AnswerFamily.UiTars, Profile.Strict, "Action: click(start_box='(168,168)'", FinishReason.Length), Assert.False);
        Assert.All(Points(AnswerFamily.UiTars, Profile.Strict, "Action: click(start_box='(168,168)'", FinishReason.Stop), Assert.True);
    }

    [Fact]
    public void Whole_lines_in_front_of_a_cut_one_count()
    {
        var answer = Answer(AnswerFamily.OpenCua, $"pyautogui.moveTo(x=84, y=84)\n{CutCode}", FinishReason.Length);

        Assert.Equal(["moveTo"], PredictedActions.Of(Options(AnswerFamily.OpenCua, Profile.Strict), answer).Select(a => a.Kind));
    }

    [Fact]
    public void Profiles_of_released_programs_read_what_these_programs_read()
    {
        Assert.Equal([false, false, false, false], Points(AnswerFamily.UiTars, Profile.GuiKv, CutCall, FinishReason.Length));
        Assert.Equal([true, true, true, true], Points(AnswerFamily.OpenCua, Profile.GuiKv, CutCode, FinishReason.Length));
        Assert.Equal([true, true, true, true], Points(AnswerFamily.OpenCua, Profile.StarKv, CutCode, FinishReason.Length));
    }

    [Fact]
    [Trait("outside", "1.28")]
    public void MiniGui_counts_them_as_unreadable()
    {
        var everywhere = new PixelBox(0, 0, 336, 336);

        Assert.Equal(Verdict.Unreadable, ClickInBox.Judge(Answer(AnswerFamily.UiTars, CutCall, FinishReason.Length), everywhere));
        Assert.Equal(Verdict.Right, ClickInBox.Judge(Answer(AnswerFamily.UiTars, WholeCall, FinishReason.Length), everywhere));
        Assert.Equal(Verdict.Unreadable, ExactText.Judge(Answer(AnswerFamily.UiTars, "Action: type(content='red", FinishReason.Length), "red"));
    }
}
