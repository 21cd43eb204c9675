using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace StarKV.Runtime;

/// <summary>TorchSharp's native library: the file to load, and whether it is the one adapted to an older libstdc++.</summary>
/// <remarks>
/// The build of StarKV puts the adapted library beside the program as <c>LibTorchSharp.so</c>, the second name that .NET probes: a program that
/// touches TorchSharp first finds it without StarKV. Where it is missing, a copy is made in the user's cache folder.
/// </remarks>
/// <param name="Path">The file.</param>
/// <param name="Adapted">Whether it is the adapted one.</param>
internal sealed record TorchSharpBinding(string Path, bool Adapted)
{
    private const string Original = "libLibTorchSharp.so", AdaptedName = "LibTorchSharp.so", Version = "0.107.0";

    /// <summary>The library to load: the one in use, else the one that this system needs.</summary>
    /// <exception cref="StarKvException">The application's folder lacks it, or it cannot be adapted.</exception>
    public static TorchSharpBinding Find()
    {
        if (LoadedLibrary.PathOf(Original, AdaptedName) is { } inUse)
            return new(inUse, NeedsCompatibility());
        if (!NeedsCompatibility())
            return new(Search(Original) ?? throw Missing(), Adapted: false);
        return new(Search(AdaptedName) ?? Copy(Search(Original) ?? throw Missing()), Adapted: true);
    }

    /// <summary>True when the host's libstdc++ is older than 13.</summary>
    public static bool NeedsCompatibility() =>
        !NativeLibrary.TryLoad("libstdc++.so.6", out var handle) || !NativeLibrary.TryGetExport(handle, ElfCompatibility.Symbol, out _);

    private static string? Search(string name) => LibTorchFolder.OfApplication()
        .Append(LibTorchFolder.OfPackage("torchsharp", Version))
        .Select(folder => System.IO.Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Writes the adapted copy into the user's cache folder, keyed by the source's hash, and returns its path.</summary>
    private static string Copy(string original)
    {
        var image = File.ReadAllBytes(original);
        var key = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        var folder = System.IO.Path.Combine(UserCache.Folder(), "torchsharp-" + key);
        var copy = System.IO.Path.Combine(folder, Original);
        if (File.Exists(copy))
            return copy;

        ElfCompatibility.Patch(image);
        Directory.CreateDirectory(folder);
        var temporary = System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName());
        File.WriteAllBytes(temporary, image);
        File.Move(temporary, copy, overwrite: true);
        return copy;
    }

    private static StarKvException Missing() =>
        new($"{Original} is missing from the application's folder. Build or publish the application again.");
}
