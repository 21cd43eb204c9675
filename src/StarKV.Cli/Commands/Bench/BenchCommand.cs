using System.CommandLine;

namespace StarKV.Cli.Commands.Bench;

/// <summary><c>starkv bench</c>: measurements with the machine they were made on; bench/ has the scripts that call it.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal) => new("bench", "Measure times and memory.")
    {
        PrefillBench.Create(terminal),
        StepBench.Create(terminal),
        DecodeBench.Create(terminal),
        SessionsBench.Create(terminal),
        MemoryBench.Create(terminal),
        HoldBench.Create(terminal),
        SelectBench.Create(terminal),
        LoadBench.Create(terminal),
        AnswersBench.Create(terminal),
        PreprocessBench.Create(terminal),
        MiniGuiBench.Create(terminal),
        TrainingBench.Create(terminal),
    };
}
