using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>One line that says how far a run has come: done, rate, time left, errors, and each method's accuracy so far, the mean over the budgets.</summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="tell">Rewrites the line on a terminal.</param>
/// <param name="known">Samples of an earlier start.</param>
internal sealed class EvalProgress(Terminal terminal, Action<string> tell, IReadOnlyList<SampleRecord> known)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);
    private readonly List<SampleRecord> _samples = [.. known];
    private long _last = TimeProvider.System.GetTimestamp();

    public void Tell(RunProgress progress)
    {
        _samples.Add(progress.Last);
        if (terminal.IsLive)
        {
            tell(Line(progress));
        }
        else if (TimeProvider.System.GetElapsedTime(_last) > s_pause)
        {
            _last = TimeProvider.System.GetTimestamp();
            terminal.ErrorWriter.WriteLine(Line(progress));
        }
    }

    private string Line(RunProgress p)
    {
        var methods = _samples.SelectMany(s => s.Answers).GroupBy(a => a.Method).Select(g => $"{g.Key} {Format.Percent(g.Average(a => a.Verdict is Verdict.Right ? 1.0 : 0))}");
        var errors = _samples.Count(s => s.Error is not null) is var n and > 0 ? $", {n} errors" : "";
        return $"{p.Done} of {p.Total}{errors}, {p.Rate:0.00} a second, {p.Left:h\\:mm\\:ss} left: {string.Join(", ", methods)}";
    }
}
