using Spectre.Console;
using StarKV.Evaluation.Reports;

namespace StarKV.Cli.Commands.Eval;

/// <summary>A run's accuracy as a table: methods down, budgets across.</summary>
internal static class EvalTable
{
    public static void Print(Terminal terminal, RunSummary summary, string folder)
    {
        var budgets = summary.Cells.Select(c => c.Keep).Distinct().ToList();
        var table = Tables.Of("method", budgets);
        foreach (var method in summary.Cells.GroupBy(c => c.Method))
            table.AddRow([Markup.Escape(method.Key), .. budgets.Select(b => method.FirstOrDefault(c => c.Keep == b) is { } cell ? $"{100 * cell.Accuracy:0.0} ± {50 * (cell.High - cell.Low):0.0}" : "")]);
        terminal.Console.Write(table);
        terminal.Console.WriteLine($"Percent right of {summary.Done} tasks, ± half of the 95 % interval. {summary.Done} of {summary.Plan.Tasks} tasks are done, {summary.Errors} with errors: {folder}");
    }
}
