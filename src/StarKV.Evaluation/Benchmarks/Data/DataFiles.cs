namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>
/// The data files of a folder. Names that begin with a dot are not data:
/// a Mac leaves <c>._NAME</c> next to a file when it packs or copies it.
/// </summary>
public static class DataFiles
{
    /// <summary>Paths of the files that fit a pattern, in the order of their names, hidden ones left out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">Such as <c>*.json</c>.</param>
    /// <param name="depth">Whether folders in it are looked into too; default not.</param>
    public static IReadOnlyList<string> Of(string folder, string pattern, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        [
            .. Directory.EnumerateFiles(folder, pattern, depth)
                .Where(f => !Path.GetFileName(f).StartsWith('.'))
                .Order(StringComparer.Ordinal),
        ];
}
