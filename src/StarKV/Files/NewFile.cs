namespace StarKV.Files;

/// <summary>Files that do not exist yet: whatever has their name stays, and is an error. For folders that are being made.</summary>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
static partial class NewFile
#pragma warning restore IDE0040
{
    /// <summary>Opens a new file for writing.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">Who may do what with it; null (default) for what the process gives new files.</param>
    /// <exception cref="IOException">Something of that name exists, or no file can be made.</exception>
    internal static FileStream Create(string path, UnixFileMode? mode = null)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return new FileStream(path, options);
    }

    /// <summary>Writes a new file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">What it holds.</param>
    /// <exception cref="IOException">Something of that name exists, or no file can be made.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Create(path);
        file.Write(bytes);
    }
}
