namespace StarKV.Tests;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    /// <summary>The full path of a file or folder given by its parts from the root of the repository.</summary>
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "StarKV.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above the tests holds StarKV.slnx.");
        return System.IO.Path.Combine([folder.FullName, .. parts]);
    }

    /// <summary>The C# files of the libraries and commands, from the root of the repository, with slashes: those of <c>src</c> and of the bench.</summary>
    public static IEnumerable<string> Sources()
    {
        var root = Path();
        string[] folders = [Path("src"), Path("bench", "StarKV.Bench")];
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(f => System.IO.Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
    }
}
