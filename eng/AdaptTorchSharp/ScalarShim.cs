using System.Buffers.Binary;
using System.Text;

namespace StarKV.AdaptTorchSharp;

/// <summary>
/// Writes a library with one function, <c>THSTorch_dispose_scalar</c>, that jumps to the address in its variable
/// <c>starkv_dispose_scalar</c>. It needs TorchSharp's library, so that whoever looks up any other function in it finds TorchSharp's.
/// </summary>
/// <remarks>
/// See docs/decisions/0025-scalar-lifetime.md. Addresses in the file are offsets in it, one page per segment: headers and tables to read,
/// six bytes of code, and the variable. Source: System V ABI, ELF-64; AMD64 supplement.
/// </remarks>
internal static class ScalarShim
{
    public const string Name = "libStarKvScalars.so", Function = "THSTorch_dispose_scalar", Variable = "starkv_dispose_scalar";
    private const string TorchSharp = "libLibTorchSharp.so";
    private const int Page = 0x1000, HeaderSize = 64, SegmentSize = 56, SymbolSize = 24, EntrySize = 16, Segments = 5;
    private const int Code = Page, Dynamic = 2 * Page, Entries = 8, Slot = Dynamic + Entries * EntrySize, End = Slot + 8;
    private const int Hash = HeaderSize + Segments * SegmentSize, Symbols = Hash + 24 + 8, Strings = Symbols + 3 * SymbolSize;
    private const uint Read = 4, ReadExecute = 5, ReadWrite = 6;

    /// <summary>The library's bytes, every time the same.</summary>
    public static byte[] Write()
    {
        var strings = Encoding.ASCII.GetBytes($"\0{Function}\0{Variable}\0{TorchSharp}\0{Name}\0");
        var tables = Strings + strings.Length;
        var file = new Image(End);

        // 64 bits, little-endian, a shared object for x64; no sections.
        file.Bytes(0, [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]);
        file.U16(16, 3, 62);
        file.U32(20, 1);
        file.U64(32, HeaderSize);
        file.U16(52, HeaderSize, SegmentSize, Segments);
        file.Segment(0, type: 1, Read, 0, tables);
        file.Segment(1, type: 1, ReadExecute, Code, 6);
        file.Segment(2, type: 1, ReadWrite, Dynamic, End - Dynamic);
        file.Segment(3, type: 2, ReadWrite, Dynamic, Entries * EntrySize);
        // Says that the stack holds no code.
        file.Segment(4, type: 0x6474e551, ReadWrite, 0, 0);

        // One bucket: symbol 1, then symbol 2.
        file.U32(Hash, 1, 3, 1, 0, 2, 0);
        file.Symbol(1, strings, Function, kind: 0x12, Code, 6);
        file.Symbol(2, strings, Variable, kind: 0x11, Slot, 8);
        file.Bytes(Strings, strings);

        // jmp [rip + Slot]
        file.Bytes(Code, [0xff, 0x25]);
        file.U32(Code + 2, Slot - (Code + 6));

        ulong[] dynamic =
        [
            1, Offset(strings, TorchSharp), 14, Offset(strings, Name), 4, Hash, 5, Strings, 6, Symbols,
            10, (ulong)strings.Length, 11, SymbolSize, 0, 0,
        ];
        for (var i = 0; i < dynamic.Length; i++)
            file.U64(Dynamic + 8 * i, dynamic[i]);
        return file.Whole;
    }

    private static uint Offset(byte[] strings, string name) => (uint)(strings.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1);

    private sealed class Image(int size)
    {
        public byte[] Whole { get; } = new byte[size];

        public void Bytes(int at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Whole.AsSpan(at));

        public void U16(int at, params ReadOnlySpan<ushort> values)
        {
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(Whole.AsSpan(at + 2 * i), values[i]);
        }

        public void U32(int at, params ReadOnlySpan<uint> values)
        {
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(Whole.AsSpan(at + 4 * i), values[i]);
        }

        public void U64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Whole.AsSpan(at), value);

        public void Segment(int number, uint type, uint access, int start, int length)
        {
            var at = HeaderSize + number * SegmentSize;
            U32(at, type, access);
            // Offset in the file, address, physical address, size in the file and in memory, alignment.
            ulong[] fields = [(ulong)start, (ulong)start, (ulong)start, (ulong)length, (ulong)length, type == 1 ? (ulong)Page : 8];
            for (var i = 0; i < fields.Length; i++)
                U64(at + 8 + 8 * i, fields[i]);
        }

        public void Symbol(int number, byte[] strings, string name, byte kind, int value, int length)
        {
            var at = Symbols + number * SymbolSize;
            U32(at, Offset(strings, name));
            Whole[at + 4] = kind;
            // Defined here: any number of a section but 0.
            U16(at + 6, 1);
            U64(at + 8, (ulong)value);
            U64(at + 16, (ulong)length);
        }
    }
}
