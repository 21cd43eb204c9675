using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StarKV.Runtime.Native;

/// <summary>Lets the native half of a TorchSharp scalar live on for a while after its managed half was finalised.</summary>
/// <remarks>
/// TorchSharp 0.107 hands <c>scalar.Handle</c> to native code and then no longer holds the scalar, also for every number that it converts
/// itself, such as the factor 1 inside <c>a + b</c>. When the garbage collector runs during that call, the finaliser frees the number while
/// libtorch reads it: an exception now and then, or another number. Here the entry of <c>THSTorch_dispose_scalar</c> becomes a jump to
/// <see cref="Dispose"/>, which keeps what it is given in a <see cref="RestArea"/>. See docs/decisions/0025-scalar-lifetime.md.
/// </remarks>
internal static unsafe partial class ScalarLifetime
{
    /// <summary>The native function that the finaliser of a scalar calls.</summary>
    private const string Function = "THSTorch_dispose_scalar";

    /// <summary>A native call reads its scalars within microseconds; a second leaves room for a thread that has to wait for a core.</summary>
    private static readonly RestArea Resting = new(TimeSpan.FromSeconds(1), TimeProvider.System, scalar => NativeMemory.Free((void*)scalar));

    /// <summary>How the function begins in TorchSharp 0.107: it leaves at once for null, then looks at the scalar's tag.</summary>
    private static ReadOnlySpan<byte> Known => [0x48, 0x85, 0xff, 0x74, 0x2d, 0x8b, 0x07, 0x83, 0xc0, 0xfb, 0x83, 0xf8];

    /// <summary>Redirects the function in TorchSharp's loaded library. False where it is not the known one or where the system lets nobody write to code.</summary>
    public static bool Extend(nint binding)
    {
        if (!NativeLibrary.TryGetExport(binding, Function, out var entry))
            return false;
        var code = new Span<byte>((void*)entry, Known.Length);
        if (!code.SequenceEqual(Known))
            return false;

        var page = (nint)Environment.SystemPageSize;
        var start = entry & -page;
        var length = (nuint)(((entry + code.Length + page - 1) & -page) - start);
        if (Protect(start, length, Access.Read | Access.Write | Access.Execute) != 0)
            return false;
        Jump(code, (nint)(delegate* unmanaged<nint, void>)&Dispose);
        return Protect(start, length, Access.Read | Access.Execute) == 0;
    }

    /// <summary><c>mov rax, target; jmp rax</c>: twelve bytes.</summary>
    private static void Jump(Span<byte> code, nint target)
    {
        (code[0], code[1], code[10], code[11]) = (0x48, 0xb8, 0xff, 0xe0);
        BinaryPrimitives.WriteInt64LittleEndian(code[2..], target);
    }

    [UnmanagedCallersOnly]
    private static void Dispose(nint scalar)
    {
        if (scalar != 0)
            Resting.Add(scalar);
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint start, nuint length, Access access);

    [Flags]
    private enum Access
    {
        Read = 1,
        Write = 2,
        Execute = 4,
    }
}
