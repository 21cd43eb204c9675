using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Takes lines out, repeats them, moves them, brings one in from another input, or takes a line feed away.</summary>
internal sealed class Lines : IMutation
{
    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        var (from, length) = Pick(input, random);
        var line = input.AsSpan(from, length);
        switch (random.Below(6))
        {
            case 0:
                return Edit.Replace(input, from, length, []);
            case 1:
                return Edit.Replace(input, from, 0, line);
            case 2:
                return Edit.Replace(Edit.Replace(input, from, length, []), Pick(input, random).From is var to && to <= input.Length - length ? to : 0, 0, line);
            case 3:
                var other = corpus.Pick(random);
                var (start, taken) = Pick(other, random);
                return Edit.Replace(input, from, random.Chance(0.5) ? length : 0, other.AsSpan(start, taken));
            case 4:
                return length > 0 && line[^1] == (byte)'\n' ? Edit.Replace(input, from + length - 1, 1, []) : input;
            default:
                return Edit.Replace(input, from, 0, "\r\n"u8);
        }
    }

    private static (int From, int Length) Pick(byte[] input, SeededRandom random)
    {
        if (input.Length == 0)
            return (0, 0);
        var at = random.Below(input.Length);
        var from = input.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var end = input.AsSpan(at).IndexOf((byte)'\n');
        return (from, (end < 0 ? input.Length : at + end + 1) - from);
    }
}
