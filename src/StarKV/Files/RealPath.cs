namespace StarKV.Files;

/// <summary>Where a path leads when all symbolic links in it are followed.</summary>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
static partial class RealPath
#pragma warning restore IDE0040
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    /// <summary>
    /// Follows all links, that of the last name too. What is missing is taken as it is written: a link to nothing leads to where its
    /// target would be.
    /// </summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    /// <exception cref="ArgumentException">This is not a path.</exception>
    public static string Of(string path)
    {
        var left = new Stack<string>();
        Push(left, Path.GetFullPath(path));
        var (at, links) = ("/", 0);
        while (left.TryPop(out var name))
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            var next = Path.Combine(at, name);
            if (IsOfProcesses(next) || new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException("its symbolic links lead in a circle");
            if (Path.IsPathRooted(target))
                at = "/";
            Push(left, target);
        }

        return at;
    }

    /// <summary>Whether a real path is inside a folder, or is that folder.</summary>
    public static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + '/', StringComparison.Ordinal);

    /// <summary>Links there represent open files and have no names that lead anywhere.</summary>
    public static bool IsOfProcesses(string path) => path.StartsWith("/proc/", StringComparison.Ordinal);

    private static void Push(Stack<string> left, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            left.Push(name);
    }
}
