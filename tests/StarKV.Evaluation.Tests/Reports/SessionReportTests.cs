using System.Text.RegularExpressions;
using System.Xml.Linq;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Reports;

/// <summary>What pages show of a run whose tasks were given step by step.</summary>
public sealed partial class SessionReportTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FinishedRun _run;

    public SessionReportTests()
    {
        var folder = new RunFolder(_temp.File("run"));
        FakeSessions.Go(folder);
        _run = FinishedRun.Read([folder.Path])[0];
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_page_of_results_has_a_table_tests_and_curves_of_sessions()
    {
        var (page, pictures) = new ResultsPage([_run]).Make("images", "page");
        Snapshot.Check("results-sessions.txt", page);
        // star-kv has two budgets; the full cache has one and no curve.
        Assert.Equal(["page-1-sessions-2.svg", "page-1-trajectories-2.svg"], pictures.Keys.Order(StringComparer.Ordinal));
        Snapshot.Check("curves-sessions.svg", pictures["page-1-sessions-2.svg"]);
        Assert.All(pictures.Values, svg => Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName));
    }

    [Fact]
    public void The_report_has_the_same_numbers_and_times()
    {
        var html = new ReportPage([_run]).ToHtml();
        var start = html.IndexOf("<h3>Step by step</h3>", StringComparison.Ordinal);
        var section = html[start..html.IndexOf("<h3>By the benchmark", start, StringComparison.Ordinal)];
        Snapshot.Check("report-sessions.txt", section);
        Assert.Contains("Sessions, whole trajectories", html, StringComparison.Ordinal);
        Assert.Contains("star-kv: whole trajectories", html, StringComparison.Ordinal);
        Assert.DoesNotContain("One reading of the prompt serves all", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Each method against the full cache", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trajectory_is_right_when_every_judged_step_is()
    {
        var cell = _run.Summary.Cells.Single(c => c is { Method: "star-kv@evict", Keep: "5%" });
        // Last answers are right from task 6 on, first ones from task 4 on, but for task 7.
        Assert.Equal((6, 5), (cell.Right, cell.Session!.Right));
        Assert.Equal([(12, 7), (0, 0), (12, 6)], cell.Session.Steps.Select(s => (s.N, s.Right)));
        Assert.Equal([("recall", 12, 6), ("step", 12, 7)], cell.Session.Kinds.Select(k => (k.Key, k.Value.N, k.Value.Right)));
        Assert.Equal((250.0, 110.0), (cell.Session.Tokens, cell.Session.TokensRead));
        // Four of twelve last answers and four first ones are other ones than reading again gives; reading again has nothing to be like.
        Assert.Equal(Math.Round(28 / 36.0, 6), cell.Session.Alike);
        Assert.Null(_run.Summary.Cells[0].Session!.Alike);
    }

    [Fact]
    public void Modes_are_tested_against_reading_again_and_windows_against_one_another()
    {
        var tests = SessionTests.Of(_run);
        Assert.Equal(
            ["lossless, reread", "evict, reread", "lossless:window=2:slide=drop, reread", "lossless:window=2:slide=drop, lossless:window=2:slide=exact", "lossless:window=2:slide=exact, reread"],
            tests.Last.Where(t => t is { Keep: "20%" }).Select(t => $"{t.First.Split('@')[1]}, {t.Second.Split('@')[1]}"));
        Assert.Equal(15, tests.Last.Count);
        var evict = tests.Last.Single(t => t is { First: "star-kv@evict", Keep: "5%" });
        Assert.Equal((0, 4), (evict.OnlyFirst, evict.OnlySecond));
        Assert.Contains(tests.Throughout, t => t is { First: "full@lossless:window=2:slide=drop", Second: "full@lossless:window=2:slide=exact", Keep: "100%", OnlyFirst: 7, OnlySecond: 0 });
    }

    [Fact]
    public void Notes_of_steps_are_counted() =>
        Assert.All(_run.Summary.Cells, c => Assert.Equal(c.Method.EndsWith("exact", StringComparison.Ordinal) ? 12 : 0, c.Session!.Noted));

    [Fact]
    public void Single_questions_have_no_table_of_sessions()
    {
        var folder = new RunFolder(_temp.File("single"));
        FakeRun.Go(folder, Shard.Whole);
        var run = FinishedRun.Read([folder.Path])[0];
        Assert.All(run.Summary.Cells, c => Assert.Null(c.Session));
        Assert.DoesNotMatch(StepByStep(), new ResultsPage([run]).Make("images", "page").Markdown);
        Assert.DoesNotMatch(StepByStep(), new ReportPage([run]).ToHtml());
    }

    [GeneratedRegex("[Ss]tep by step")]
    private static partial Regex StepByStep();
}
