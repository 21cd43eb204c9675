using System.Buffers.Binary;
using System.Text;

namespace StarKV.AdaptTorchSharp;

/// <summary>
/// Rewrites the one reference to libstdc++ 13 in TorchSharp's native library, so that it loads beside an older libstdc++
/// (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// TorchSharp 0.107 imports <c>_ZSt21ios_base_library_initv</c> at version GLIBCXX_3.4.32: a call that makes sure iostreams are
/// initialised. Older runtimes do that from every object that includes &lt;iostream&gt;, of which libtorch holds many, so here the call may do
/// nothing: the symbol is renamed to libc's <c>getpid</c>, and the version need is lowered to one that the file already has.
/// Everything that is read is checked first; a file of any other shape is refused. See docs/decisions/0002-loading-libtorch.md.
/// </remarks>
internal static class ElfCompatibility
{
    public const string Symbol = "_ZSt21ios_base_library_initv";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4.30";
    private const string Replacement = "getpid";
    private const string LibcBaseVersion = "GLIBC_2.2.5";
    private const string Libstdcxx = "libstdc++.so.6", Libc = "libc.so.6";

    /// <summary>Patches <paramref name="image"/>, the bytes of libLibTorchSharp.so, in place.</summary>
    /// <exception cref="InvalidDataException">The file is not the 64-bit little-endian library this step was made for.</exception>
    public static void Patch(Span<byte> image)
    {
        var elf = new DynamicSection(image);

        var needed = elf.FindVersion(Libstdcxx, NewVersion) ?? throw Unexpected($"it does not need {NewVersion}");
        var older = elf.FindVersion(Libstdcxx, OldVersion) ?? throw Unexpected($"it does not need {OldVersion}");
        var libc = elf.FindVersion(Libc, LibcBaseVersion) ?? throw Unexpected($"it does not need {LibcBaseVersion}");
        var symbol = elf.OnlySymbolOfVersion(image, needed.Index);
        if (elf.Name(image, symbol.NameOffset) != Symbol || !symbol.Undefined)
            throw Unexpected($"{NewVersion} is needed for something else than {Symbol}");

        // The version need: same entry, same index, the older version's name and hash.
        BinaryPrimitives.WriteUInt32LittleEndian(image[needed.Offset..], older.Hash);
        BinaryPrimitives.WriteUInt32LittleEndian(image[(needed.Offset + 8)..], older.NameOffset);
        // The symbol: another name in the same place of the string table, bound to libc.
        var name = image.Slice(elf.Strings + (int)symbol.NameOffset, Symbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(Replacement, name);
        BinaryPrimitives.WriteUInt16LittleEndian(image[symbol.VersionOffset..], libc.Index);
    }

    private static InvalidDataException Unexpected(string what) => new(
        $"TorchSharp's library cannot be adapted to a libstdc++ older than 13 because {what}. Look at docs/decisions/0002-loading-libtorch.md before another TorchSharp is taken.");

    private readonly record struct VersionNeed(int Offset, uint Hash, ushort Index, uint NameOffset);

    private readonly record struct DynamicSymbol(uint NameOffset, bool Undefined, int VersionOffset);

    /// <summary>File offsets of the tables that the dynamic loader reads.</summary>
    private sealed class DynamicSection
    {
        private const int ProgramHeaderSize = 56, SymbolSize = 24, MaxEntries = 1_000_000, MaxNeeds = 10_000;
        private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
        private readonly List<VersionNeed> _needs = [];
        private readonly List<(string Library, string Version)> _needNames = [];
        private readonly int _symbols, _versions, _stringsSize;

        public int Strings { get; }

        public DynamicSection(ReadOnlySpan<byte> image)
        {
            if (image.Length < 64 || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
                throw Unexpected("the file is not a 64-bit little-endian ELF library");
            var (programHeaders, count) = (Int(U64(image, 32)), U16(image, 56));
            var (dynamicOffset, dynamicSize) = (0, 0);
            for (var i = 0; i < count; i++)
            {
                var at = programHeaders + i * ProgramHeaderSize;
                var (offset, address, size) = (U64(image, at + 8), U64(image, at + 16), U64(image, at + 32));
                if (offset > (ulong)image.Length || size > (ulong)image.Length - offset)
                    throw Unexpected("a segment lies outside the file");
                if (U32(image, at) == 1)
                    _segments.Add((address, offset, size));
                else if (U32(image, at) == 2)
                    (dynamicOffset, dynamicSize) = ((int)offset, (int)size);
            }

            var tags = new Dictionary<ulong, ulong>();
            for (var at = dynamicOffset; at + 16 <= dynamicOffset + dynamicSize && U64(image, at) != 0; at += 16)
                tags.TryAdd(U64(image, at), U64(image, at + 8));
            Strings = FileOffset(tags, 5, "string table");
            _stringsSize = Int(Tag(tags, 10, "string table size"));
            if (_stringsSize > image.Length - Strings)
                throw Unexpected("the string table lies outside the file");
            _symbols = FileOffset(tags, 6, "symbol table");
            _versions = FileOffset(tags, 0x6ffffff0, "symbol versions");
            ReadNeeds(image, FileOffset(tags, 0x6ffffffe, "version needs"), Tag(tags, 0x6fffffff, "version need count"));
        }

        public VersionNeed? FindVersion(string library, string version)
        {
            var i = _needNames.IndexOf((library, version));
            return i < 0 ? null : _needs[i];
        }

        /// <summary>The symbol with version <paramref name="index"/>; more than one is refused.</summary>
        public DynamicSymbol OnlySymbolOfVersion(ReadOnlySpan<byte> image, ushort index)
        {
            // The version table has one entry a symbol and ends where the version needs begin or later; the symbol table ends at the string table.
            var count = Math.Min((Strings - _symbols) / SymbolSize, MaxEntries);
            if (count <= 0 || _versions + count * 2 > image.Length)
                throw Unexpected("the symbol tables are not where they are expected");
            DynamicSymbol? found = null;
            for (var i = 1; i < count; i++)
            {
                if (U16(image, _versions + i * 2) != index)
                    continue;
                if (found is not null)
                    throw Unexpected($"more than one symbol needs {NewVersion}");
                var at = _symbols + i * SymbolSize;
                found = new DynamicSymbol(U32(image, at), U16(image, at + 6) == 0, _versions + i * 2);
            }

            var symbol = found ?? throw Unexpected($"no symbol needs {NewVersion}");
            for (var i = 1; i < count; i++)
            {
                // Linkers may let one name share another's tail; renaming would then break both.
                var other = U32(image, _symbols + i * SymbolSize);
                if (other > symbol.NameOffset && other <= symbol.NameOffset + Symbol.Length)
                    throw Unexpected($"the name {Symbol} is shared with another symbol");
            }

            return symbol;
        }

        public string Name(ReadOnlySpan<byte> image, uint offset)
        {
            if (offset >= _stringsSize)
                throw Unexpected("a name lies outside the string table");
            var text = image.Slice(Strings + (int)offset, _stringsSize - (int)offset);
            var end = text.IndexOf((byte)0);
            return end < 0 ? throw Unexpected("a name does not end") : Encoding.ASCII.GetString(text[..end]);
        }

        private void ReadNeeds(ReadOnlySpan<byte> image, int at, ulong count)
        {
            for (ulong i = 0; i < Math.Min(count, MaxEntries); i++)
            {
                var library = Name(image, U32(image, at + 4));
                var (auxCount, aux, next) = (U16(image, at + 2), at + Int(U32(image, at + 8)), U32(image, at + 12));
                for (var j = 0; j < auxCount; j++)
                {
                    if (_needs.Count == MaxNeeds)
                        throw Unexpected($"it lists more than {MaxNeeds} version needs");
                    var need = new VersionNeed(aux, U32(image, aux), U16(image, aux + 6), U32(image, aux + 8));
                    _needs.Add(need);
                    _needNames.Add((library, Name(image, need.NameOffset)));
                    aux += Int(U32(image, aux + 12));
                }

                at += Int(next);
                if (next == 0)
                    return;
            }
        }

        private int FileOffset(Dictionary<ulong, ulong> tags, ulong tag, string what)
        {
            var address = Tag(tags, tag, what);
            foreach (var (start, offset, size) in _segments)
            {
                if (address >= start && address < start + size)
                    return Int(offset + (address - start));
            }

            throw Unexpected($"the {what} lies outside every segment");
        }

        private static ulong Tag(Dictionary<ulong, ulong> tags, ulong tag, string what) =>
            tags.TryGetValue(tag, out var value) ? value : throw Unexpected($"it has no {what}");

        private static int Int(ulong value) => value <= int.MaxValue ? (int)value : throw Unexpected("an offset lies outside the file");

        private static ulong U64(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt64LittleEndian(At(image, at, 8));

        private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(At(image, at, 4));

        private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(At(image, at, 2));

        private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> image, int at, int size) =>
            at >= 0 && at <= image.Length - size ? image.Slice(at, size) : throw Unexpected("a table lies outside the file");
    }
}
