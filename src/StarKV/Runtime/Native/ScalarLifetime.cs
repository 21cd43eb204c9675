using System.Runtime.InteropServices;

namespace StarKV.Runtime.Native;

/// <summary>Lets the native half of a TorchSharp scalar live on for a while after its managed half was finalised.</summary>
/// <remarks>
/// TorchSharp 0.107 passes <c>scalar.Handle</c> to native code and then no longer holds the scalar, also for every number that it converts
/// itself, such as the factor 1 inside <c>a + b</c>. When the garbage collector runs during that call, the finaliser frees the number while
/// libtorch reads it: an exception now and then, or another number. Here TorchSharp gets its functions from a library that passes
/// <c>THSTorch_dispose_scalar</c> on to <see cref="Dispose"/> and has all others from TorchSharp's own. What is disposed stays in a
/// <see cref="DelayedFree"/> and is then freed by TorchSharp's function. No code is changed. See docs/decisions/0025-scalar-lifetime.md.
/// </remarks>
internal static unsafe class ScalarLifetime
{
    /// <summary>The library that the build writes next to the program.</summary>
    public const string Library = "libStarKvScalars.so";

    private const string Function = "THSTorch_dispose_scalar", Variable = "starkv_dispose_scalar", NameInTorchSharp = "LibTorchSharp";

    /// <summary>A native call reads its scalars within microseconds; a second leaves room for a thread that waits for a core.</summary>
    private static readonly DelayedFree s_resting = new(TimeSpan.FromSeconds(1), TimeProvider.System, Free);

    private static delegate* unmanaged<nint, void> s_free;

    /// <summary>From now on TorchSharp frees its scalars late.</summary>
    /// <param name="binding">TorchSharp's loaded library.</param>
    /// <returns>Null; else why they are freed at once as before, as the end of a sentence.</returns>
    /// <exception cref="StarKvException">The library next to the program is damaged.</exception>
    public static string? Extend(nint binding)
    {
        if (!NativeLibrary.TryGetExport(binding, Function, out var free))
            return $"this TorchSharp has no {Function}";
        if (TorchSharpBinding.Search(Library) is not { } path)
            return $"{Library} is missing from the application's folder";
        TorchSharpBinding.CheckContent(path, Library);
        s_free = (delegate* unmanaged<nint, void>)free;
        var shim = NativeLibraries.Load(path, TorchSharpBinding.WayOut);
        *(nint*)NativeLibrary.GetExport(shim, Variable) = (nint)(delegate* unmanaged<nint, void>)&Dispose;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(TorchSharp.torch).Assembly, (name, _, _) => name == NameInTorchSharp ? shim : 0);
        }
        catch (InvalidOperationException)
        {
            return "the program resolves TorchSharp's libraries itself (NativeLibrary.SetDllImportResolver)";
        }

        return null;
    }

    [UnmanagedCallersOnly]
    private static void Dispose(nint scalar)
    {
        if (scalar != 0)
            s_resting.Add(scalar);
    }

    private static void Free(nint scalar) => s_free(scalar);
}
