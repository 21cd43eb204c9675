using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace StarKV.Tests;

/// <summary>
/// Stands between libtorch and the C library where the CPU's tensors get their memory, counts, and refuses one allocation that it is told.
/// </summary>
/// <remarks>
/// libtorch's one allocator for the CPU calls posix_memalign through its jump table (System V ABI, ELF-64: DT_JMPREL); the entry there is
/// replaced. It lies outside the part that the system makes read-only.
/// </remarks>
internal static unsafe class FailingAllocations
{
    private const int NoMemory = 12;
    private static delegate* unmanaged<void**, nuint, nuint, int> s_allocate;
    private static long s_count, s_refused = long.MaxValue;

    /// <summary>Allocations since the last <see cref="Refuse"/>.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    /// <summary>From now on one allocation is refused, from 1 for the next one; all others are not.</summary>
    public static void Refuse(long allocation)
    {
        Interlocked.Exchange(ref s_refused, long.MaxValue);
        Interlocked.Exchange(ref s_count, 0);
        Interlocked.Exchange(ref s_refused, allocation);
    }

    /// <summary>Takes the allocator's place; once, after libtorch was loaded.</summary>
    public static void Install()
    {
        var library = File.ReadLines("/proc/self/maps").First(l => l.EndsWith("/libc10.so", StringComparison.Ordinal));
        var start = nint.Parse(library.AsSpan(0, library.IndexOf('-')), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        s_allocate = (delegate* unmanaged<void**, nuint, nuint, int>)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "posix_memalign");
        delegate* unmanaged<void**, nuint, nuint, int> hook = &Allocate;
        *(nint*)(start + Slot(library[library.IndexOf('/')..], "posix_memalign")) = (nint)hook;
    }

    [UnmanagedCallersOnly]
    private static int Allocate(void** memory, nuint alignment, nuint bytes) =>
        Interlocked.Increment(ref s_count) == Interlocked.Read(ref s_refused) ? NoMemory : s_allocate(memory, alignment, bytes);

    /// <summary>Where a library's jump table has a function, from its start in memory.</summary>
    private static nint Slot(string path, string function)
    {
        var file = File.ReadAllBytes(path);
        List<(ulong Offset, ulong Address, ulong Size)> loaded = [];
        Dictionary<ulong, ulong> dynamic = [];
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56)); i++)
        {
            var at = (int)U64(file, 32) + 56 * i;
            var (offset, address, size) = (U64(file, at + 8), U64(file, at + 16), U64(file, at + 32));
            if (file[at] == 1)
                loaded.Add((offset, address, size));
            for (var entry = (int)offset; file[at] == 2 && U64(file, entry) != 0; entry += 16)
                dynamic[U64(file, entry)] = U64(file, entry + 8);
        }

        // String table 5, symbols 6, jump table 23 and its bytes 2.
        for (var entry = In(dynamic[23]); entry < In(dynamic[23]) + (int)dynamic[2]; entry += 24)
        {
            var symbol = In(dynamic[6]) + 24 * (int)(U64(file, entry + 8) >> 32);
            var name = In(dynamic[5]) + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(symbol));
            if (Encoding.ASCII.GetString(file, name, function.Length + 1) == function + "\0")
                return (nint)U64(file, entry);
        }

        throw new InvalidOperationException($"{path} does not call {function}.");

        int In(ulong address)
        {
            var part = loaded.First(l => address >= l.Address && address - l.Address < l.Size);
            return (int)(address - part.Address + part.Offset);
        }
    }

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
