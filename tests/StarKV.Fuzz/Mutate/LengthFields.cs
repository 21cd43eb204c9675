using System.Buffers.Binary;
using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Writes a telling number over two, four or eight bytes, in either byte order: what a length, an offset or a count is read from.</summary>
internal sealed class LengthFields : IMutation
{
    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        var size = 1 << (1 + random.Below(3));
        if (input.Length < size)
            return input;
        var copy = input.ToArray();
        // Lengths stand at the front of a file, or at its end.
        var room = input.Length - size + 1;
        var at = random.Below(4) switch
        {
            0 => random.Below(Math.Min(room, 64)),
            1 => room - 1 - random.Below(Math.Min(room, 16)),
            _ => random.Below(room),
        };
        Write(copy.AsSpan(at, size), Telling(input.Length, random), random.Chance(0.5));
        return copy;
    }

    private static ulong Telling(int length, SeededRandom random) => random.Below(9) switch
    {
        0 => 0,
        1 => 1,
        2 => (ulong)random.Below(256),
        3 => (ulong)(length + random.Between(-16, 16)),
        4 => (ulong)int.MaxValue,
        5 => uint.MaxValue,
        6 => (ulong)long.MaxValue,
        7 => 1UL << random.Below(64),
        _ => ulong.MaxValue - (ulong)random.Below(256),
    };

    private static void Write(Span<byte> target, ulong value, bool little)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..target.Length].CopyTo(target);
        if (!little)
            target.Reverse();
    }
}
