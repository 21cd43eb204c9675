using StarKV.MiniGui;

namespace StarKV.Fuzz.Run;

/// <summary>One round of one target: a number of inputs that follow from the seed and the round alone.</summary>
/// <param name="target">The target.</param>
/// <param name="first">Files and seeds.</param>
/// <param name="seed">The seed.</param>
/// <param name="number">The round, from 0.</param>
internal sealed class Round(IFuzzTarget target, IReadOnlyList<byte[]> first, ulong seed, int number)
{
    private const int MostChanges = 6;

    /// <summary>The number of the round's first input among all inputs of the target.</summary>
    public long Start => (long)number * target.InputsARound;

    /// <summary>Makes the round's inputs one after the other and runs each.</summary>
    /// <param name="count">How many.</param>
    /// <param name="skip">Numbers of inputs that are made and not run: those that do not come back.</param>
    /// <param name="begin">Told of every input before it runs.</param>
    /// <param name="end">Told what became of it.</param>
    public void Run(int count, IReadOnlySet<long> skip, Action<long> begin, Action<long, byte[], Outcome> end)
    {
        foreach (var (iteration, input, learn) in Inputs(count))
        {
            if (skip.Contains(iteration))
                continue;
            begin(iteration);
            var outcome = Probe.Run(target, input);
            learn(outcome);
            end(iteration, input, outcome);
        }
    }

    /// <summary>Makes one input again. It is not run, as it may be one that does not come back; those before it are.</summary>
    /// <param name="iteration">Its number among all inputs of the target.</param>
    /// <param name="skip">Numbers of inputs before it that do not come back either.</param>
    public byte[] Input(long iteration, IReadOnlySet<long> skip)
    {
        foreach (var (number, input, learn) in Inputs(target.InputsARound))
        {
            if (number == iteration)
                return input;
            if (!skip.Contains(number))
                learn(Probe.Run(target, input));
        }

        throw new ArgumentOutOfRangeException(nameof(iteration), iteration, "The round has no such input.");
    }

    private IEnumerable<(long Iteration, byte[] Input, Action<Outcome> Learn)> Inputs(int count)
    {
        var corpus = new Corpus(first);
        for (var i = 0; i < count; i++)
        {
            var random = new SeededRandom(seed ^ ((ulong)(Start + i) << 20), StreamOf(target.Name));
            var input = i < corpus.First ? corpus.At(i) : Changed(corpus, random);
            yield return (Start + i, input, outcome => corpus.Learn(input, outcome, random));
        }
    }

    private byte[] Changed(Corpus corpus, SeededRandom random)
    {
        var input = corpus.Pick(random);
        // Mostly one or two changes: more of them, and hardly any input is read to its end.
        var changes = 0;
        do
            input = random.Pick(target.Mutations).Change(input, corpus, random);
        while (++changes < MostChanges && random.Chance(0.5));
        if (input.Length > corpus.LongestInput)
            input = input[..corpus.LongestInput];
        return target.Repair(input, random);
    }

    // FNV-1a: the same in every process, which string.GetHashCode is not.
    private static ulong StreamOf(string name) => name.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL);
}
