namespace StarKV.Fuzz.Run;

/// <summary>A worker's own folder, in memory where the system offers it: targets that read paths find their inputs there.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Takes a folder, which goes when this is disposed.</summary>
    /// <param name="folder">The folder; null for a new one.</param>
    public Scratch(string? folder = null) => Folder = folder ?? New();

    /// <summary>Its full path.</summary>
    public string Folder { get; }

    /// <summary>Makes a folder.</summary>
    public static string New() => Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, $"starkv-fuzz-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("starkv-fuzz-").FullName;

    /// <summary>A folder in it, made when it is missing.</summary>
    public string Sub(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
