using System.Text.Json;
using StarKV.Fuzz.Targets;

namespace StarKV.Fuzz.Run;

/// <summary>The process that runs inputs: takes work from its standard input, a line each, and answers with a tally. It may die at any time.</summary>
internal static class Worker
{
    /// <summary>Works until its input ends.</summary>
    public static void Run(string folder, TextReader work, TextWriter answers)
    {
        using var scratch = new Scratch(folder);
        using var last = new LastInput(folder);
        var targets = new Dictionary<string, (IFuzzTarget Target, IReadOnlyList<byte[]> First)>();
        while (work.ReadLine() is { } line)
        {
            var piece = JsonSerializer.Deserialize<Work>(line)!;
            if (!targets.TryGetValue(piece.Target, out var known))
            {
                var made = TargetTable.Make(piece.Target, scratch);
                targets[piece.Target] = known = (made, Corpus.Of(made));
            }

            answers.WriteLine(JsonSerializer.Serialize(Done(piece, known.Target, known.First, last)));
            answers.Flush();
        }
    }

    private static Tally Done(Work work, IFuzzTarget target, IReadOnlyList<byte[]> first, LastInput last)
    {
        var (tally, shapes, start) = (new Tally(), new HashSet<string>(), Environment.CpuUsage.TotalTime);
        new Round(target, first, work.Seed, work.Round).Run(work.Count, work.Skip.ToHashSet(), iteration => last.Number = iteration, (iteration, _, outcome) =>
        {
            var isNew = shapes.Add($"{outcome.Kind} {outcome.Shape}");
            tally = tally.With(outcome);
            if (outcome.IsFinding && isNew)
                tally = tally with { Findings = [.. tally.Findings, new Finding(work.Input(iteration), outcome.Kind, outcome.Shape, outcome.Message)] };
        });
        last.Number = -1;
        return tally with { Shapes = shapes.Count, CpuSeconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds };
    }
}
