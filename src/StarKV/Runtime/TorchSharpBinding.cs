using System.Runtime.InteropServices;

namespace StarKV.Runtime;

/// <summary>TorchSharp's native library: the file to load, and whether it is the one adapted to an older libstdc++.</summary>
/// <remarks>
/// The build of StarKV puts the adapted library beside the program as <c>LibTorchSharp.so</c>, the second name that .NET probes: a program that
/// touches TorchSharp first finds it without StarKV. See docs/decisions/0002-loading-libtorch.md.
/// </remarks>
/// <param name="Path">The file.</param>
/// <param name="Adapted">Whether it is the adapted one.</param>
internal sealed record TorchSharpBinding(string Path, bool Adapted)
{
    private const string Original = "libLibTorchSharp.so", AdaptedName = "LibTorchSharp.so", Version = "0.107.0";

    /// <summary>What TorchSharp 0.107 needs of libstdc++ 13.</summary>
    private const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>The library to load: the one in use, else the one that this system needs.</summary>
    /// <exception cref="StarKvException">It is not beside the program.</exception>
    public static TorchSharpBinding Find()
    {
        var adapted = NeedsCompatibility();
        var name = adapted ? AdaptedName : Original;
        return LoadedLibrary.PathOf(Original, AdaptedName) is { } inUse
            ? new(inUse, adapted)
            : new(Search(name) ?? throw new StarKvException($"{name} is missing from the application's folder. Build or publish the application again."), adapted);
    }

    /// <summary>True when the host's libstdc++ is older than 13.</summary>
    public static bool NeedsCompatibility() =>
        !NativeLibrary.TryLoad("libstdc++.so.6", out var handle) || !NativeLibrary.TryGetExport(handle, Symbol, out _);

    private static string? Search(string name) => LibTorchFolder.OfApplication()
        .Append(LibTorchFolder.OfPackage("torchsharp", Version))
        .Select(folder => System.IO.Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
