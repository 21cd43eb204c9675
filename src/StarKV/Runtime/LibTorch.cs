using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace StarKV.Runtime;

/// <summary>Finds libtorch and loads it, once a process, before TorchSharp is touched.</summary>
/// <remarks>
/// Order of search: the folder in <c>STARKV_LIBTORCH</c> (a CUDA build, for instance the <c>torch/lib</c> of a Python install, 2.10 or 2.11);
/// the application's own folder; the NuGet package folder, where restoring the CPU package put it. One copy serves every project.
/// </remarks>
public static class LibTorch
{
    /// <summary>The environment variable that names a folder with another libtorch, such as a CUDA build.</summary>
    public const string FolderVariable = "STARKV_LIBTORCH";

    /// <summary>The NuGet package that holds the default libtorch.</summary>
    internal const string CpuPackage = "libtorch-cpu-linux-x64", CpuPackageVersion = "2.10.0", TorchSharpVersion = "0.107.0";

    /// <summary>The handle of TorchSharp's own library, once it is loaded.</summary>
    internal static nint Binding { get; private set; }

    private static readonly Lock Gate = new();
    private static LibTorchInfo? s_loaded;

    /// <summary>Loads libtorch unless that has been done, and tells what was loaded.</summary>
    /// <exception cref="StarKvException">libtorch is not found, is incomplete, or does not load on this system.</exception>
    public static LibTorchInfo Load()
    {
        lock (Gate)
            return s_loaded ??= LoadOnce();
    }

    /// <summary>The folders that <see cref="Load"/> looks into, in order, with where each comes from.</summary>
    internal static IEnumerable<(string Folder, string Source)> Candidates()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen)
        {
            yield return (chosen, FolderVariable);
            yield break;
        }

        foreach (var folder in NativeSearchFolders())
            yield return (folder, "application folder");
        yield return (Path.Combine(PackagesFolder(), CpuPackage, CpuPackageVersion, "runtimes", "linux-x64", "native"), "NuGet package");
    }

    private static LibTorchInfo LoadOnce()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new StarKvException(
                $"StarKV loads libtorch on 64-bit Linux (x64) so far; this is {RuntimeInformation.RuntimeIdentifier}. Use a Linux machine, a container or WSL.");
        }

        var candidates = Candidates().ToList();
        var (folder, source) = candidates.FirstOrDefault(c => File.Exists(Path.Combine(c.Folder, "libtorch_cpu.so")));
        if (folder is null)
        {
            throw new StarKvException(candidates[0].Source == FolderVariable
                ? $"{FolderVariable} is '{candidates[0].Folder}', but there is no libtorch_cpu.so in it. Name the folder that holds libtorch's .so files, or unset the variable."
                : $"libtorch was not found. Run 'dotnet restore' (it fetches the package {CpuPackage} {CpuPackageVersion}), or set {FolderVariable} to a folder with libtorch's .so files.");
        }

        var cuda = File.Exists(Path.Combine(folder, "libtorch_cuda.so"));
        string[] libraries = cuda
            ? ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"]
            : ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
        foreach (var library in libraries)
            LoadLibrary(Path.Combine(folder, library));

        var binding = FindBinding();
        var adapted = NeedsCompatibility();
        Binding = LoadLibrary(adapted ? CompatibleCopy(binding) : binding);
        var scalarsKept = ScalarLifetime.Extend(Binding);
        return new LibTorchInfo(folder, source!, cuda, adapted, scalarsKept, TorchSharp.torch.__version__);
    }

    /// <summary>True when the host's libstdc++ is older than 13.</summary>
    internal static bool NeedsCompatibility() =>
        !NativeLibrary.TryLoad("libstdc++.so.6", out var handle) || !NativeLibrary.TryGetExport(handle, ElfCompatibility.Symbol, out _);

    /// <summary>Writes the adapted copy of TorchSharp's library into the user's cache folder, keyed by the source's hash, and returns its path.</summary>
    private static string CompatibleCopy(string binding)
    {
        var image = File.ReadAllBytes(binding);
        var key = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        var folder = Path.Combine(UserCache.Folder(), "torchsharp-" + key);
        var copy = Path.Combine(folder, Path.GetFileName(binding));
        if (File.Exists(copy))
            return copy;

        ElfCompatibility.Patch(image);
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(temporary, image);
        File.Move(temporary, copy, overwrite: true);
        return copy;
    }

    private static nint LoadLibrary(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            var reason = e.Message.Split('\n')[0];
            throw new StarKvException($"{path} does not load: {reason} Check that the libraries beside it are complete and that their own needs (CUDA, libgomp) are in LD_LIBRARY_PATH.", e);
        }
    }

    private static string FindBinding()
    {
        const string name = "libLibTorchSharp.so";
        return NativeSearchFolders()
            .Append(Path.Combine(PackagesFolder(), "torchsharp", TorchSharpVersion, "runtimes", "linux-x64", "native"))
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
            ?? throw new StarKvException($"{name} is missing from the application's folder. Build or publish the application again.");
    }

    private static IEnumerable<string> NativeSearchFolders()
    {
        var known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Distinct();
    }

    private static string PackagesFolder() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}

/// <summary>What <see cref="LibTorch.Load"/> loaded.</summary>
/// <param name="Folder">The folder with libtorch's libraries.</param>
/// <param name="Source">How the folder was found: <c>STARKV_LIBTORCH</c>, the application folder or the NuGet package.</param>
/// <param name="HasCuda">Whether it is a CUDA build.</param>
/// <param name="Adapted">Whether TorchSharp's library was adapted to an older libstdc++ (see docs/decisions/0002-loading-libtorch.md).</param>
/// <param name="ScalarsKept">Whether numbers outlive the native calls that read them; false where TorchSharp is another version or the system lets nobody write to code (see docs/decisions/0025-scalar-lifetime.md).</param>
/// <param name="Version">TorchSharp's own libtorch version string.</param>
public sealed record LibTorchInfo(string Folder, string Source, bool HasCuda, bool Adapted, bool ScalarsKept, string Version);
