using System.Globalization;
using StarKV.Evaluation.Reports;

namespace StarKV.Cli.Commands.Eval;

/// <summary>A run's accuracy as a table, methods down and budgets across, and its errors by reason.</summary>
internal static class EvalTable
{
    public static void Print(Terminal terminal, RunSummary summary, string folder)
    {
        var sessions = summary.Plan.Sessions is not null;
        Print(terminal, summary, sessions ? "last answers" : "method", Cell);
        if (sessions)
            Print(terminal, summary, "trajectories", Trajectories);
        terminal.WriteLine(
            $"Percent right of the tasks that each cache answered, {ErrorText.N(summary)}; ± half of the 95 % interval. "
            + $"{summary.Done} of {summary.Plan.Tasks} tasks are done, {summary.Errors} with errors: {folder}");
        if (summary.Errors == 0)
            return;
        terminal.WriteLine($"Errors, by reason:");
        foreach (var reason in summary.Reasons)
        {
            var (tasks, where) = (ErrorText.Count(reason.Tasks, "task"), reason.Where(summary.Cells.Count));
            terminal.WriteLine($"  {tasks}, {where}: {reason.Reason} ({(reason.Tasks == 1 ? "" : "for example ")}{reason.Task})");
        }

        terminal.WriteLine($"{Again(summary)}");
    }

    private static void Print(Terminal terminal, RunSummary summary, string title, Func<SummaryCell, int, string> show)
    {
        var budgets = summary.Cells.Select(c => c.Keep).Distinct().ToList();
        var table = Tables.Of(title, budgets);
        foreach (var method in summary.Cells.GroupBy(c => c.Method))
        {
            var cells = method.ToDictionary(c => c.Keep, c => show(c, summary.MaxAnswered));
            table.Row([method.Key, .. budgets.Select(b => cells.GetValueOrDefault(b, ""))]);
        }

        terminal.Write(table);
    }

    /// <summary>What can be done about errors.</summary>
    public static string Again(RunSummary summary) =>
        $"{ErrorText.Count(summary.Errors, "task")} failed in at least one cache; called again, " +
            $"the same command tries {(summary.Errors == 1 ? "it" : "them")} again.";

    private static string Cell(SummaryCell cell, int most)
    {
        var note = ErrorText.Note(cell, most);
        var share = cell.N == 0
            ? "–"
            : Share(cell.Accuracy, cell.Low, cell.High);
        return note == "" ? share : $"{share} ({note})";
    }

    private static string Trajectories(SummaryCell cell, int most) =>
        cell.Session is { } session ? Share(session.Accuracy, session.Low, session.High) : "–";

    private static string Share(double share, double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} ± {50 * (high - low):0.0}");
}
