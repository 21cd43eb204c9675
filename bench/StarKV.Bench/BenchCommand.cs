using System.CommandLine;
using StarKV.Cli;

namespace StarKV.Bench;

/// <summary><c>starkv-bench</c>: measurements with the machine they were made on; bench/ has the scripts that call it.</summary>
internal static class BenchCommand
{
    /// <summary>What is typed.</summary>
    public const string Name = "starkv-bench";

    public static Command Create(Terminal terminal)
    {
        var command = StarKvCommand.Root(Name, "Measure times and memory.", BenchExamples.Topics, terminal);
        foreach (var scenario in Scenarios(terminal))
            command.Add(scenario);
        return command;
    }

    private static Command[] Scenarios(Terminal terminal) =>
    [
        PrefillBench.Create(terminal),
        StepBench.Create(terminal),
        SessionBench.Create(terminal),
        SaveBench.Create(terminal),
        ServeBench.Create(terminal),
        GrowthBench.Create(terminal),
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
    ];
}
