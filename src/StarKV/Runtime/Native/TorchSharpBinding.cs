using System.IO.Hashing;

namespace StarKV.Runtime.Native;

/// <summary>TorchSharp's native library: the file to load, and whether it is the one adapted to an older libstdc++.</summary>
/// <remarks>
/// The build of StarKV puts the adapted library next to the program as <c>LibTorchSharp.so</c>, the second name that .NET probes: a program
/// that
/// touches TorchSharp first finds it without StarKV. See docs/decisions/0002-loading-libtorch.md.
/// </remarks>
/// <param name="Path">The file.</param>
/// <param name="Adapted">Whether it is the adapted one.</param>
internal sealed record TorchSharpBinding(string Path, bool Adapted)
{
    private const string Original = "libLibTorchSharp.so", AdaptedName = "LibTorchSharp.so";

    /// <summary>The TorchSharp that StarKV is built with.</summary>
    internal const string Version = "0.107.0";

    /// <summary>What to do about a missing or damaged one.</summary>
    public const string WayOut = "Build or publish the application again.";

    /// <summary>The library to load: the one in use, else the one that this system needs.</summary>
    /// <exception cref="StarKvException">It is not next to the program, or it is not the one that the build put there.</exception>
    public static TorchSharpBinding Find()
    {
        var adapted = HostLibraries.AreOld();
        var name = adapted ? AdaptedName : Original;
        if (InUse() is { } inUse)
            return new(inUse, adapted);
        var path = Search(name) ?? throw new StarKvException($"{name} is missing from the application's folder. {WayOut}");
        CheckContent(path, name);
        return new(path, adapted);
    }

    /// <summary>The library's path where this process has loaded it already: TorchSharp was used before StarKV. Else null.</summary>
    public static string? InUse() => LoadedLibrary.PathOf(Original, AdaptedName);

    /// <summary>
    /// Compares a library with what the build of StarKV noted; the original one of another version of TorchSharp is not known.
    /// </summary>
    /// <exception cref="StarKvException">It is another file.</exception>
    internal static void CheckContent(string path, string name)
    {
        if (name == Original && typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3) != Version)
            return;
        var expected = Noted().Split('\n').Single(line => line.EndsWith($" {name}", StringComparison.Ordinal)).Split(' ')[0];
        var found = Convert.ToHexStringLower(XxHash128.Hash(File.ReadAllBytes(path)));
        if (found != expected)
            throw new NativeLibraryException($"{path} is damaged: it is not the file that the build put there. {WayOut}");
    }

    private static string Noted()
    {
        using var stream = typeof(TorchSharpBinding).Assembly.GetManifestResourceStream("StarKV.Runtime.TorchSharpLibraries.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A library of this name next to the program, or in TorchSharp's package; null where there is none.</summary>
    internal static string? Search(string name) => LibTorchFolder.OfApplication()
        .Append(LibTorchFolder.OfPackage("torchsharp", Version))
        .Select(folder => System.IO.Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
