using System.Globalization;
using StarKV.Evaluation.Reports;

namespace StarKV.Cli.Commands.Eval;

/// <summary>A run's accuracy as a table, methods down and budgets across, and its errors by reason.</summary>
internal static class EvalTable
{
    public static void Print(Terminal terminal, RunSummary summary, string folder)
    {
        var budgets = summary.Cells.Select(c => c.Keep).Distinct().ToList();
        var table = Tables.Of("method", budgets);
        foreach (var method in summary.Cells.GroupBy(c => c.Method))
        {
            var cells = method.ToDictionary(c => c.Keep, c => Cell(c, summary.MaxAnswered));
            table.Row([method.Key, .. budgets.Select(b => cells.GetValueOrDefault(b, ""))]);
        }

        terminal.Write(table);
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

    /// <summary>What can be done about errors.</summary>
    public static string Again(RunSummary summary) =>
        $"{ErrorText.Count(summary.Errors, "task")} failed in at least one cache; called again, " +
            $"the same command tries {(summary.Errors == 1 ? "it" : "them")} again.";

    private static string Cell(SummaryCell cell, int most)
    {
        var note = ErrorText.Note(cell, most);
        var share = cell.N == 0
            ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{100 * cell.Accuracy:0.0} ± {50 * (cell.High - cell.Low):0.0}");
        return note == "" ? share : $"{share} ({note})";
    }
}
