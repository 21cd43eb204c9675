using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StarKV.Runtime;
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
