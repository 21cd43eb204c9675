using StarKV.Act;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Reports.Page;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>A number of the answer that is none ended a benchmark with a FormatException (reliability F7).</summary>
public sealed class AnswersThatEndedABenchmark
{
    private static readonly PhoneScreen s_phone = new(336, 336, 336, 336);

    private static BenchmarkOptions Options(AnswerFamily family, Profile profile) => new("", "") { Family = family, Profile = profile };

    public static TheoryData<AnswerFamily, Profile, string> Cases()
    {
        string[] answers =
        [
            "pyautogui.click(x=0.0.5, y=0.5)", "pyautogui.scroll(--5)", "pyautogui.click(x=1e999, y=1)", "click(٣, ٤)", "Action: click(٣, ٤)",
            "Action: click(start_box='(1e999,0.0.5)')", "x=٣, y=٤", "tap \ud83d, \0",
        ];
        var cases = new TheoryData<AnswerFamily, Profile, string>();
        foreach (var family in Enum.GetValues<AnswerFamily>())
            foreach (var profile in Enum.GetValues<Profile>())
                foreach (var answer in answers)
                    cases.Add(family, profile, answer);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_benchmark_goes_on(AnswerFamily family, Profile profile, string text)
    {
        var (options, answer) = (Options(family, profile), Answers.Of(text));
        GroundedPoint.Judge(options, answer, new RelativeBox(0, 0, 1, 1));
        PredictedActions.Of(options, answer);
        PhoneAnswer.Of(options, answer, s_phone);
        WebAnswer.Of(options, answer, 336, 336);
    }

    [Fact]
    public void Where_the_extraction_raises_each_program_goes_on_as_it_does()
    {
        var (options, answer) = (Options(AnswerFamily.OpenCua, Profile.StarKv), Answers.Of("pyautogui.click(x=0.0.5, y=0.5) # click(168, 84)"));
        Assert.Empty(PredictedActions.Of(options, answer));
        Assert.Equal(new PhoneAction("click", new ScreenPoint(0.5, 0.25)), PhoneAnswer.Of(options, answer, s_phone));
        Assert.Equal(PhoneAction.None, PhoneAnswer.Of(Options(AnswerFamily.OpenCua, Profile.GuiKv), answer, s_phone));
        Assert.Equal(WebAction.None, WebAnswer.Of(options, answer, 336, 336));
    }

    [Fact]
    public void A_point_with_digits_of_other_scripts_is_none_on_the_page() => Assert.Empty(FailurePicture.Points("click (٣,٤)"));

    [Theory]
    [InlineData("Action: click(start_box='(168,84)')", true)]
    [InlineData("Action: click(start_box='(1e999,5)')", false)]
    [InlineData("Action: click(start_box='(5,-1e999)')", false)]
    public void A_point_at_infinity_is_wrong_and_leaves_no_number_that_a_record_cannot_hold(string text, bool hasNumbers)
    {
        var judgement = GroundedPoint.Judge(Options(AnswerFamily.UiTars, Profile.Strict), Answers.Of(text), new RelativeBox(0.9, 0.9, 1, 1));
        Assert.Equal((Verdict.Wrong, hasNumbers), (judgement.Verdict, judgement.Measures is not null));
    }
}
