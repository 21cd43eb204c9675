using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StarKV.AdaptTorchSharp;
using StarKV.Runtime;
using StarKV.Runtime.Native;
using TorchSharp;

namespace StarKV.Tests.Runtime.Native;

/// <summary>Scalars of the TorchSharp that is loaded: native code may read one whose managed half is gone.</summary>
public sealed class ScalarLifetimeTests
{
    private static readonly PropertyInfo s_handle = typeof(Scalar).GetProperty("Handle", BindingFlags.Instance | BindingFlags.NonPublic)!;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate double ToDouble(nint scalar);

    [Fact]
    public void A_finalised_scalar_can_still_be_read()
    {
        var read = Reader();
        // More than an allocator sets aside unused: without the rest, some of these would lie where others lay.
        const int count = 2000;
        var forgotten = Forgotten(count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var others = Enumerable.Range(0, count).Select(_ => (-1.5).ToScalar()).ToList();
        Assert.Equal(Enumerable.Range(0, count).Select(i => i + 0.25), forgotten.Select(handle => read(handle)));
        others.ForEach(scalar => scalar.Dispose());
    }

    [Fact]
    public void A_disposed_scalar_can_still_be_read()
    {
        var read = Reader();
        var scalar = 0.75.ToScalar();
        var handle = Handle(scalar);
        scalar.Dispose();
        using var other = (-1.5).ToScalar();
        Assert.NotEqual(handle, Handle(other));
        Assert.Equal(0.75, read(handle));
    }

    [Fact]
    public void No_code_of_TorchSharp_is_changed()
    {
        Reader();
        var path = TorchSharpBinding.InUse()!;
        var ranges = File.ReadLines("/proc/self/maps").Where(line => line.EndsWith(path, StringComparison.Ordinal)).ToList();
        var start = nint.Parse(ranges[0].Split('-')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var entry = NativeLibrary.GetExport(LibTorch.Binding, ScalarShim.Function);
        var code = new byte[64];
        Marshal.Copy(entry, code, 0, code.Length);

        Assert.Equal(File.ReadAllBytes(path)[(int)(entry - start)..][..code.Length], code);
        Assert.DoesNotContain(ranges, line => line.Split(' ')[1].Contains("wx", StringComparison.Ordinal));
    }

    [Fact]
    public void Collections_during_calls_leave_numbers_alone()
    {
        using var program = new HostProgram();
        var (code, lines) = program.Run("scalars 2");

        Assert.Equal(0, code);
        var line = Assert.Single(lines);
        Assert.StartsWith("kept True, ", line, StringComparison.Ordinal);
        Assert.EndsWith(" collections, 0 wrong", line, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        using var program = new HostProgram();
        var (code, lines) = program.Run("load", (LibTorch.PatchVariable, "0"));

        Assert.Equal(0, code);
        Assert.EndsWith($" {HostLibraries.AreOld()} False", lines[0], StringComparison.Ordinal);
        Assert.Equal(["STARKV_PATCH is 0", "sum 3", "bindings 1"], lines[1..]);
    }

    [Fact]
    public void A_program_that_resolves_TorchSharp_s_libraries_goes_before()
    {
        using var program = new HostProgram();
        program.PutLibTorchBeside();
        var (code, lines) = program.Run("resolver");

        Assert.Equal(0, code);
        Assert.EndsWith(" False", lines[0], StringComparison.Ordinal);
        Assert.Equal("the program resolves TorchSharp's libraries itself (NativeLibrary.SetDllImportResolver)", lines[1]);
        Assert.Equal(["sum 3", "bindings 1"], lines[2..]);
    }

    [Fact]
    public void Without_the_library_beside_the_program_numbers_are_freed_at_once()
    {
        using var program = new HostProgram();
        File.Delete(Path.Combine(program.Folder, ScalarShim.Name));
        var (code, lines) = program.Run("load");

        Assert.Equal(0, code);
        Assert.Equal(["libStarKvScalars.so is missing from the application's folder", "sum 3", "bindings 1"], lines[1..]);
    }

    [Fact]
    public void A_damaged_library_is_refused()
    {
        using var program = new HostProgram();
        var path = Path.Combine(program.Folder, ScalarShim.Name);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        var (code, lines) = program.Run("load");

        Assert.Equal(2, code);
        Assert.StartsWith($"{path} is damaged", Assert.Single(lines), StringComparison.Ordinal);
    }

    /// <summary>TorchSharp's own way to read a scalar.</summary>
    private static ToDouble Reader()
    {
        Assert.True(LibTorch.Load().ScalarsKept);
        return Marshal.GetDelegateForFunctionPointer<ToDouble>(NativeLibrary.GetExport(LibTorch.Binding, "THSTorch_scalar_to_float64"));
    }

    /// <summary>Handles of scalars 0.25, 1.25, … that nothing holds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint[] Forgotten(int count) => [.. Enumerable.Range(0, count).Select(i => Handle((i + 0.25).ToScalar()))];

    private static nint Handle(Scalar scalar) => (nint)s_handle.GetValue(scalar)!;
}
