using StarKV.Fuzz.Targets;

namespace StarKV.Fuzz.Run;

/// <summary>Runs one input, in this process.</summary>
internal static class SingleInput
{
    /// <summary>Makes an input of a campaign again, saves it if asked to, and runs it.</summary>
    /// <returns>0 when nothing is wrong with it, else 1.</returns>
    public static int Again(InputNumber number, string? save, TextWriter output)
    {
        using var scratch = new Scratch();
        var target = TargetTable.Make(number.Target, scratch);
        var round = new Round(target, Corpus.Of(target), number.Seed, (int)(number.Iteration / target.InputsARound));
        var input = round.Input(number.Iteration, number.Skip.ToHashSet());
        if (save is not null)
            File.WriteAllBytes(save, input);
        output.WriteLine($"{number} has {input.Length:N0} bytes{(save is null ? "" : $", saved as {save}")}.");
        return Run(target, input, output);
    }

    /// <summary>Runs a file.</summary>
    /// <inheritdoc cref="Again"/>
    public static int OfFile(string name, string file, TextWriter output)
    {
        using var scratch = new Scratch();
        return Run(TargetTable.Make(name, scratch), File.ReadAllBytes(file), output);
    }

    private static int Run(IFuzzTarget target, byte[] input, TextWriter output)
    {
        var outcome = Probe.Run(target, input);
        output.WriteLine($"{outcome.Kind}, {outcome.CpuSeconds:0.000} s of processor time, {outcome.AllocatedBytes:N0} bytes: {(outcome.Message.Length > 0 ? outcome.Message : outcome.Shape)}");
        return outcome.IsFinding ? 1 : 0;
    }
}
