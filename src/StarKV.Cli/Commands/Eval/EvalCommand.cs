using System.CommandLine;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval</c>: benchmarks and their reports.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal)
    {
        var check = CheckTable.Option();
        var command = new Command("eval", "Measure compressed caches on a benchmark: accuracy with intervals, paired tests, " +
            "curves.") { check, MiniGuiEval.Create(terminal) };
        foreach (var benchmark in PublishedBenchmarks.All)
            command.Add(PublishedEval.Create(terminal, benchmark));
        command.Add(ReportCommand.Create(terminal));
        command.Add(ModelsCommand.Create(terminal));
        command.Add(ManifestCommand.Create(terminal));
        command.SetAction(parsed => parsed.GetValue(check)
            ? CheckTable.Print(
                terminal,
                [.. PublishedBenchmarks.All.Select(
                    b => (b, DataFolders.Find(b.Name, b.Layout, new NamedFolders(), Environment.GetEnvironmentVariable)))])
            : throw new StarKvException("eval needs a benchmark, such as starkv eval minigui, or --check; starkv eval --help lists them."));
        return command;
    }
}
