using System.CommandLine;

namespace StarKV.Cli.Commands.Eval;

/// <summary><c>starkv eval</c>: benchmarks and their reports.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal) => new("eval", "Measure compressed caches on a benchmark: accuracy with intervals, paired tests, curves.")
    {
        MiniGuiEval.Create(terminal),
        ReportCommand.Create(terminal),
        ManifestCommand.Create(terminal),
    };
}
