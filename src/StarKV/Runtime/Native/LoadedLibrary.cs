namespace StarKV.Runtime.Native;

/// <summary>Native libraries that this process has loaded, as the system lists them.</summary>
internal static class LoadedLibrary
{
    private const int PathColumn = 5;

    /// <summary>The path of a library with one of these file names, or null where none is loaded.</summary>
    public static string? PathOf(params ReadOnlySpan<string> names)
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var columns = line.Split(' ', PathColumn + 1, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > PathColumn && names.Contains(Path.GetFileName(columns[PathColumn])))
                return columns[PathColumn];
        }

        return null;
    }

    /// <summary>Whether a loaded library is the file of its name in a folder, links followed.</summary>
    public static bool IsIn(string path, string folder)
    {
        var file = new FileInfo(Path.Combine(folder, Path.GetFileName(path)));
        return file.Exists && SameFile(path, file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName);
    }

    /// <summary>Folders may be reached through links too: what cannot be told by name is told by size and time of the file.</summary>
    private static bool SameFile(string a, string b) =>
        a == b || (new FileInfo(a) is { Exists: true } first && new FileInfo(b) is var second
            && first.Length == second.Length && first.LastWriteTimeUtc == second.LastWriteTimeUtc);
}
