using System.Text;
using Spectre.Console;
using StarKV.Cli.Commands.Eval;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests.Screens;

/// <summary>The line that a run rewrites on a terminal.</summary>
public sealed class EvalProgressScreens
{
    [Fact]
    public void A_line_says_how_far_a_run_has_come()
    {
        var shown = new List<string>();
        var tally = new RunTally();
        tally.Add(Sample(0, right: true));
        var progress = new EvalProgress(LiveTerminal(), shown.Add, 4, tally);
        for (var i = 1; i < 4; i++)
        {
            tally.Add(Sample(i, right: i % 2 == 0));
            progress.Show();
        }

        var scrubber = new Scrubber().Pattern(@"(?<=, )[\d.]+(?= a second)", "rate").Pattern(@"\d+:\d\d:\d\d(?= left)", "time");
        Snapshot.Check("eval-progress.txt", scrubber.Of(string.Join('\n', shown)));
    }

    private static SampleRecord Sample(int number, bool right) => new()
    {
        Task = FormattableString.Invariant($"task {number}"),
        Labels = new Dictionary<string, string>(),
        PromptTokens = 100,
        ImageTokens = 90,
        Answers = [Cell("full", "100%", 102_400, true), Cell("star-kv", "20%", 20_480, right)],
        Failed = number == 3 ? [new CacheError(new RunCache("snapkv", "20%"), "no memory")] : [],
    };

    private static AnswerRecord Cell(string method, string keep, long bytes, bool right) =>
        new(method, keep, right ? Verdict.Right : Verdict.Wrong, "x", null, 1, 100, bytes, 102_400, 0);

    private static Terminal LiveTerminal() => new(
        AnsiConsole.Console,
        AnsiConsole.Create(new AnsiConsoleSettings { Interactive = InteractionSupport.Yes, Ansi = AnsiSupport.No, Out = new LiveOutput() }),
        TextWriter.Null,
        TextWriter.Null);

    private sealed class LiveOutput : IAnsiConsoleOutput
    {
        public TextWriter Writer => TextWriter.Null;

        public bool IsTerminal => true;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
