using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Changes bytes, whatever they mean: single bits, single bytes, runs that go, come, repeat or move in from another input.</summary>
internal sealed class Bytes : IMutation
{
    private const int LongestRun = 64;
    private static readonly byte[] s_telling = [0x00, 0x01, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'\\', (byte)'\n', (byte)' ', 0xC3, 0xED, 0xF4];

    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        if (input.Length == 0)
            return [.. corpus.Pick(random)];
        var (at, length) = Run(input.Length, random);
        switch (random.Below(8))
        {
            case 0:
                return Set(input, at, (byte)(input[at] ^ (1 << random.Below(8))));
            case 1:
                return Set(input, at, random.Pick(s_telling));
            case 2:
                return Set(input, at, (byte)random.Below(256));
            case 3:
                return Edit.Replace(input, at, length, []);
            case 4:
                return Edit.Replace(input, at, 0, input.AsSpan(at, length));
            case 5:
                return Edit.Replace(input, at, 0, Noise(length, random));
            case 6:
                return input[..at];
            default:
                return Spliced(input, at, length, corpus.Pick(random), random);
        }
    }

    private static byte[] Spliced(byte[] input, int at, int length, byte[] other, SeededRandom random)
    {
        if (other.Length == 0)
            return input;
        var (from, taken) = Run(other.Length, random);
        return random.Chance(0.5) ? Edit.Replace(input, at, length, other.AsSpan(from, taken)) : [.. input[..at], .. other[Math.Min(at, other.Length)..]];
    }

    private static byte[] Set(byte[] input, int at, byte value)
    {
        var copy = input.ToArray();
        copy[at] = value;
        return copy;
    }

    private static byte[] Noise(int length, SeededRandom random)
    {
        var noise = new byte[length];
        for (var i = 0; i < length; i++)
            noise[i] = (byte)random.Below(256);
        return noise;
    }

    // Mostly short, now and then as long as the input.
    private static (int At, int Length) Run(int available, SeededRandom random)
    {
        var at = random.Below(available);
        var most = random.Chance(0.1) ? available - at : Math.Min(LongestRun, available - at);
        return (at, 1 + random.Below(most));
    }
}
