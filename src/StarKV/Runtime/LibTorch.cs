using System.Runtime.InteropServices;
using StarKV.Runtime.Native;

namespace StarKV.Runtime;

/// <summary>Finds libtorch and loads it, once per process.</summary>
/// <remarks>
/// Order of search: the folder in <c>STARKV_LIBTORCH</c> (a CUDA build, for instance the <c>torch/lib</c> of a Python install, 2.10 or
/// 2.11);
/// the application's own folder; the NuGet package folder, where restoring the CPU package put it. One copy serves every project.
/// A program that uses TorchSharp itself may do so before or after: see docs/decisions/0002-loading-libtorch.md. Thread-safe.
/// </remarks>
public static class LibTorch
{
    /// <summary>The environment variable that names a folder with another libtorch, such as a CUDA build.</summary>
    public const string FolderVariable = "STARKV_LIBTORCH";

    /// <summary>
    /// The environment variable that, set to <c>0</c>, keeps StarKV from changing what others' libraries do in this process:
    /// see <see cref="MayPatch"/>.
    /// </summary>
    public const string PatchVariable = "STARKV_PATCH";

    /// <summary>
    /// Whether StarKV may change what others' libraries do in this process: TorchSharp's scalars are freed late
    /// (docs/decisions/0025-scalar-lifetime.md), and training switches TorchScript's profiling off (0045-torchscript-as-written.md).
    /// False where <see cref="PatchVariable"/> is <c>0</c>; default true. The library for an older libstdc++ is no such change: it is a
    /// file
    /// of the build.
    /// </summary>
    public static bool MayPatch => Environment.GetEnvironmentVariable(PatchVariable) != "0";

    /// <summary>The handle of TorchSharp's own library, once it is loaded.</summary>
    internal static nint Binding { get; private set; }

    private static readonly Lock s_gate = new();
    private static LibTorchInfo? s_native;
    private static LibTorchInfo? s_loaded;

    /// <summary>Loads libtorch unless that has been done, and tells what was loaded.</summary>
    /// <exception cref="StarKvException">
    /// libtorch is not found, is incomplete or damaged, or does not load on this system; or TorchSharp was used before and failed, or
    /// loaded another libtorch.
    /// </exception>
    public static LibTorchInfo Load()
    {
        if (Volatile.Read(ref s_loaded) is { } loaded)
            return loaded;
        var native = LoadNative();
        try
        {
            // Outside the gate: TorchSharp's type initialiser may ask for the native libraries on another thread at this moment.
            loaded = native with { Version = TorchSharp.torch.__version__ };
        }
        catch (TypeInitializationException e)
        {
            throw new StarKvException(
                "TorchSharp was used before StarKV and could not load its native library; .NET does not try that again within a process. " +
                "Call StarKV.Runtime.LibTorch.Load() before the first use of TorchSharp.", e);
        }

        return Interlocked.CompareExchange(ref s_loaded, loaded, null) ?? loaded;
    }

    /// <summary>Loads libtorch's libraries and TorchSharp's, without touching TorchSharp's types; the version is left empty.</summary>
    internal static LibTorchInfo LoadNative()
    {
        lock (s_gate)
            return s_native ??= LoadNativeOnce();
    }

    private static LibTorchInfo LoadNativeOnce()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new StarKvException(
                $"StarKV loads libtorch on 64-bit Linux (x64) so far; this is {RuntimeInformation.RuntimeIdentifier}. " +
                    $"Use a Linux machine, a container or WSL.");
        }

        var (folder, source) = LibTorchFolder.Find();
        if (LoadedLibrary.PathOf("libtorch_cpu.so") is { } inUse && !LoadedLibrary.IsIn(inUse, folder))
        {
            throw new StarKvException(
                $"This process already uses the libtorch in '{Path.GetDirectoryName(inUse)}'; " +
                    $"StarKV would load the one in '{folder}' ({source}), and both do not go together. " +
                $"Call StarKV.Runtime.LibTorch.Load() before the first use of TorchSharp, or set {FolderVariable} to the folder in use.");
        }

        var cuda = File.Exists(Path.Combine(folder, "libtorch_cuda.so"));
        string[] libraries = cuda
            ? ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"]
            : ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
        foreach (var library in libraries)
            NativeLibraries.Load(Path.Combine(folder, library), LibTorchFolder.WayOut(source));

        var usedBefore = TorchSharpBinding.InUse() is not null;
        var binding = TorchSharpBinding.Find();
        Binding = NativeLibraries.Load(binding.Path, TorchSharpBinding.WayOut);
        var unkept = KeepScalars(usedBefore);
        return new LibTorchInfo(folder, source, cuda, binding.Adapted, unkept is null, Version: "") { ScalarsUnkept = unkept };
    }

    /// <summary>Null where scalars are kept from now on; else why not.</summary>
    private static string? KeepScalars(bool usedBefore)
    {
        if (!MayPatch)
            return $"{PatchVariable} is 0";
        return usedBefore ? "this process used TorchSharp before StarKV" : ScalarLifetime.Extend(Binding);
    }
}
