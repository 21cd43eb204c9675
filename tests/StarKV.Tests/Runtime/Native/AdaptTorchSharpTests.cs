using System.Buffers.Binary;
using CsCheck;
using StarKV.AdaptTorchSharp;

namespace StarKV.Tests.Runtime.Native;

/// <summary>The step for older libstdc++ on the real libLibTorchSharp.so beside the tests.</summary>
public sealed class AdaptTorchSharpTests
{
    private static readonly byte[] s_original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

    private static byte[] Patched()
    {
        var image = s_original.ToArray();
        ElfCompatibility.Patch(image);
        return image;
    }

    [Fact]
    public void The_build_puts_the_patched_library_beside_the_program() =>
        Assert.Equal(Patched(), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "LibTorchSharp.so")));

    [Fact]
    public void Only_the_version_need_the_symbol_name_and_its_version_change()
    {
        var patched = Patched();
        Assert.Equal(s_original.Length, patched.Length);
        var changed = Enumerable.Range(0, patched.Length).Where(i => patched[i] != s_original[i]).ToList();
        var name = changed.Where(i => s_original.AsSpan(i).StartsWith("_ZSt21ios_base_library_initv\0"u8)).Order().First();
        Assert.Equal("getpid"u8, patched.AsSpan(name, 6));
        Assert.All(patched[(name + 6)..(name + ElfCompatibility.Symbol.Length)], b => Assert.Equal(0, b));

        var rest = changed.Where(i => i < name || i >= name + ElfCompatibility.Symbol.Length).ToList();
        var need = rest.Single(i => U32(s_original, i) == Hash("GLIBCXX_3.4.32"));
        Assert.Equal(Hash("GLIBCXX_3.4.30"), U32(patched, need));
        // What is left: the need's name, 8 bytes behind its hash, and the symbol's two-byte version index.
        var index = rest.Where(i => i < need || i >= need + 12).ToList();
        Assert.All(rest.Except(index), i => Assert.True(i - need is < 4 or >= 8));
        Assert.NotEmpty(index);
        Assert.True(index[^1] - index[0] < 2);
    }

    [Fact]
    public void A_patched_library_is_refused()
    {
        var patched = Patched();
        var before = patched.ToArray();
        var error = Assert.Throws<InvalidDataException>(() => ElfCompatibility.Patch(patched));
        Assert.Contains("GLIBCXX_3.4.32", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, patched);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfCompatibility.Patch([]));
        Assert.Throws<InvalidDataException>(() => ElfCompatibility.Patch("\u007fELF\u0002\u0001"u8.ToArray()));
        Assert.Throws<InvalidDataException>(() => ElfCompatibility.Patch(new byte[4096]));
        var other = s_original.ToArray();
        other[4] = 1; // 32 bits
        Assert.Throws<InvalidDataException>(() => ElfCompatibility.Patch(other));
    }

    [Fact]
    public void A_damaged_library_is_patched_or_refused_and_nothing_else()
    {
        var places = Places();
        var flip = Gen.Select(Gen.Int[0, places.Length - 1], Gen.Byte);
        Gen.Select(flip.Array[1, 4], Gen.OneOf(Gen.Const(s_original.Length), Gen.Int[0, s_original.Length])).Sample((flips, length) =>
        {
            var image = s_original.AsSpan(0, length).ToArray();
            foreach (var (place, value) in flips)
            {
                if (places[place] < length)
                    image[places[place]] = value;
            }

            try
            {
                ElfCompatibility.Patch(image);
            }
            catch (InvalidDataException)
            {
                // Refused with a sentence, as it must be.
            }
        }, iter: 1000, threads: 1);
    }

    [Fact]
    public void Sizes_that_overflow_are_refused()
    {
        // Every field of the header and of the dynamic table in turn says "as large as can be", or just beyond 31 bits.
        foreach (var value in new ulong[] { ulong.MaxValue, 0x7fff_ffff_ffff_ffff, 0x8000_0000, 0x7fff_ffff })
        {
            for (var i = 0; i < Header; i += 8)
                Tried(i, value);
            var (start, size) = Dynamic();
            for (var i = start; i < start + size; i += 8)
                Tried(i, value);
        }

        static void Tried(int at, ulong value)
        {
            var image = s_original.ToArray();
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), value);
            Assert.IsType<InvalidDataException>(Record.Exception(() => ElfCompatibility.Patch(image)) ?? new InvalidDataException("patched"));
        }
    }

    private static int Header => 64 + BinaryPrimitives.ReadUInt16LittleEndian(s_original.AsSpan(56)) * 56;

    /// <summary>Offsets of the bytes that the step reads: the headers, the dynamic table, the version needs.</summary>
    private static int[] Places()
    {
        var (start, size) = Dynamic();
        var patched = Patched();
        var changed = Enumerable.Range(0, patched.Length).Where(i => patched[i] != s_original[i]);
        var need = changed.First(i => U32(s_original, i) == Hash("GLIBCXX_3.4.32"));
        return [.. Enumerable.Range(0, Header), .. Enumerable.Range(start, size), .. Enumerable.Range(need - 256, 512)];
    }

    private static (int Start, int Size) Dynamic()
    {
        for (var at = 64; at < Header; at += 56)
        {
            if (U32(s_original, at) == 2)
                return ((int)U32(s_original, at + 8), (int)U32(s_original, at + 32));
        }

        throw new InvalidDataException("The library has no dynamic segment.");
    }

    private static uint U32(byte[] image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at));

    /// <summary>The System V hash by which version needs are found.</summary>
    private static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf000_0000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
