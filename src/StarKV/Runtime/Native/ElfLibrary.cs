using System.Buffers.Binary;
using System.Text;

namespace StarKV.Runtime.Native;

/// <summary>A native library's file as its headers describe it, read without loading it.</summary>
/// <remarks>
/// The system maps a library as its headers say and ends the process, without a word, that touches a page beyond the end of the file: a
/// library that was cut
/// short must be known before it is loaded. What lies between the headers is not looked at. Source: System V ABI, ELF-64.
/// </remarks>
internal sealed class ElfLibrary
{
    private const int HeaderBytes = 64, ProgramHeaderBytes = 56, MostDynamicBytes = 1 << 20, MostNameBytes = 1 << 20;
    private const ushort SharedObject = 3, X64 = 62;
    private const uint Load = 1, Dynamic = 2;
    private const ulong Needed = 1, StringTable = 5, StringTableSize = 10;
    private readonly FileStream _file;
    private readonly List<(ulong Offset, ulong Address, ulong Size)> _loaded = [];
    private (ulong Offset, ulong Size) _dynamic;

    private ElfLibrary(FileStream file) => _file = file;

    /// <summary>The names of the libraries that a library needs.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is no library for this machine, or ends before its headers say; the message is the end of a sentence.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> NeedsOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var library = new ElfLibrary(file);
        library.ReadHeaders();
        return library.ReadNeeds();
    }

    private void ReadHeaders()
    {
        if (_file.Length < HeaderBytes)
            throw new InvalidDataException(FormattableString.Invariant($"it has {_file.Length} bytes and is no library"));
        var header = Read(0, HeaderBytes);
        if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8) || U16(header, 16) != SharedObject || U16(header, 18) != X64)
            throw new InvalidDataException("it is no library for 64-bit Linux (x64)");
        var (at, entry, count) = (U64(header, 32), U16(header, 54), U16(header, 56));
        // The table of sections is mostly the last thing in the file.
        Holds(U64(header, 40), (ulong)U16(header, 58) * U16(header, 60));
        Holds(at, (ulong)ProgramHeaderBytes * count);
        if (entry != ProgramHeaderBytes || count == 0)
            throw new InvalidDataException("its header is damaged");
        var table = Read(at, ProgramHeaderBytes * count);
        for (var i = 0; i < table.Length; i += ProgramHeaderBytes)
        {
            var (kind, offset, address, size) = (U32(table, i), U64(table, i + 8), U64(table, i + 16), U64(table, i + 32));
            Holds(offset, size);
            if (kind == Load)
                _loaded.Add((offset, address, size));
            else if (kind == Dynamic)
                _dynamic = (offset, size);
        }

        if (_loaded.Count == 0 || _dynamic.Size == 0)
            throw new InvalidDataException("its header is damaged");
    }

    private List<string> ReadNeeds()
    {
        var table = Read(_dynamic.Offset, (int)Math.Min(_dynamic.Size, MostDynamicBytes));
        var (names, namesSize, needs) = (0UL, 0UL, new List<ulong>());
        for (var i = 0; i + 16 <= table.Length && U64(table, i) != 0; i += 16)
        {
            var (tag, value) = (U64(table, i), U64(table, i + 8));
            if (tag == Needed)
                needs.Add(value);
            else if (tag == StringTable)
                names = value;
            else if (tag == StringTableSize)
                namesSize = value;
        }

        if (needs.Count == 0)
            return [];
        var segment = _loaded.Find(s => names >= s.Address && names - s.Address < s.Size);
        if (segment.Size == 0 || namesSize > MostNameBytes * 64UL)
            throw new InvalidDataException("its dynamic section is damaged");
        var start = segment.Offset + (names - segment.Address);
        Holds(start, namesSize);
        return needs.ConvertAll(offset => Name(start, namesSize, offset));
    }

    private string Name(ulong table, ulong size, ulong offset)
    {
        if (offset >= size)
            throw new InvalidDataException("its dynamic section is damaged");
        var text = Read(table + offset, (int)Math.Min(size - offset, 256));
        var end = text.AsSpan().IndexOf((byte)0);
        return end < 0 ? throw new InvalidDataException("its dynamic section is damaged") : Encoding.UTF8.GetString(text, 0, end);
    }

    private void Holds(ulong offset, ulong size)
    {
        var length = (ulong)_file.Length;
        if (offset > length || size > length - offset)
            throw new InvalidDataException(
                FormattableString.Invariant($"it was cut short: its header describes more than the {length:N0} bytes that it has"));
    }

    private byte[] Read(ulong offset, int count)
    {
        var bytes = new byte[count];
        _file.Position = (long)offset;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
