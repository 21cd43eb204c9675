using System.Globalization;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>
/// One line that says how far a run has come: done, rate, time left, errors, and for each method, over the answers at all its budgets,
/// accuracy and bytes of keys and values so far.
/// </summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="tell">Rewrites the line on a terminal.</param>
/// <param name="total">Tasks in all.</param>
/// <param name="tally">What was found, earlier starts included.</param>
internal sealed class EvalProgress(Terminal terminal, Action<string> tell, int total, RunTally tally)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);
    private readonly int _before = tally.Added;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _last = TimeProvider.System.GetTimestamp();

    /// <summary>Shows the line: on a terminal at once, else now and then.</summary>
    public void Show()
    {
        if (terminal.IsLive)
        {
            tell(Line);
        }
        else if (TimeProvider.System.GetElapsedTime(_last) > s_pause)
        {
            _last = TimeProvider.System.GetTimestamp();
            terminal.Note(Line);
        }
    }

    private string Line
    {
        get
        {
            var rate = (tally.Added - _before) / Math.Max(1e-9, TimeProvider.System.GetElapsedTime(_start).TotalSeconds);
            var left = rate > 0
                ? TimeSpan.FromSeconds((total - tally.Done) / rate).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
                : "unknown time";
            var errors = tally.Errors > 0 ? $", {tally.Errors} with errors" : "";
            var methods = string.Join(", ", tally.Methods.Select(m => Told(m.Key, m.Value)));
            return string.Create(CultureInfo.InvariantCulture, $"{tally.Done} of {total}{errors}, " +
                $"{rate:0.00} a second, {left} left: {methods}");
        }
    }

    private static string Told(string method, MethodTally t) =>
        $"{method} {Format.Percent((double)t.Right / t.Answers)} of {t.Answers} {Format.Bytes(t.Bytes / t.Answers)}";
}
