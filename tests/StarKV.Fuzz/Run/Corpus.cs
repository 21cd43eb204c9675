using StarKV.MiniGui;

namespace StarKV.Fuzz.Run;

/// <summary>The inputs that others are made of: those that failed once, the target's seeds, and what a round found to behave in a new way.</summary>
/// <remarks>
/// No coverage guides it: an input is kept when its outcome reads otherwise than all before, and of inputs that were read a few more. A round begins
/// with files and seeds alone, so that each of its inputs can be made again without those of other rounds.
/// </remarks>
internal sealed class Corpus
{
    private const int MostGrown = 400;
    private const double KeptOfAccepted = 1.0 / 32;

    private readonly List<byte[]> _inputs;
    private readonly HashSet<string> _shapes = [];
    private int _grown;

    /// <summary>Begins with files and seeds.</summary>
    public Corpus(IReadOnlyList<byte[]> first)
    {
        _inputs = [.. first];
        First = first.Count;
        LongestInput = Math.Max(2 * first.Max(f => f.Length), 4096);
    }

    /// <summary>How many files and seeds there are; the round runs them as they are.</summary>
    public int First { get; }

    /// <summary>No input gets longer, in bytes.</summary>
    public int LongestInput { get; }

    /// <summary>An input; those that were added last come up more often than their number says.</summary>
    public byte[] Pick(SeededRandom random) =>
        _grown > 0 && random.Chance(0.5) ? _inputs[First + random.Below(_grown)] : _inputs[random.Below(_inputs.Count)];

    /// <summary>One of the files and seeds.</summary>
    public byte[] At(int index) => _inputs[index];

    /// <summary>Takes an input in, if it is worth it.</summary>
    public void Learn(byte[] input, Outcome outcome, SeededRandom random)
    {
        var isNew = _shapes.Add($"{outcome.Kind} {outcome.Shape}");
        if (!isNew && !(outcome.Kind is OutcomeKind.Accepted && random.Chance(KeptOfAccepted)))
            return;
        if (_grown < MostGrown)
        {
            _inputs.Add(input);
            _grown++;
        }
        else
        {
            _inputs[First + random.Below(_grown)] = input;
        }
    }

    /// <summary>What a round of a target begins with: the files of <c>Corpus/NAME</c> by name, then its seeds.</summary>
    public static IReadOnlyList<byte[]> Of(IFuzzTarget target)
    {
        var folder = RepositoryFiles.Path("tests", "StarKV.Fuzz", "Corpus", target.Name);
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
        return [.. files, .. target.Seeds()];
    }
}
