using System.Text;

namespace StarKV.Files;

/// <summary>The file that says that this program made a folder, of what kind, with which files. Lines: the kind, then names.</summary>
internal static class FolderMarker
{
    /// <summary>Its name.</summary>
    public const string FileName = ".starkv-folder";

    private const int MaxBytes = 1 << 20;

    /// <summary>Writes it into a finished folder.</summary>
    public static void Write(string folder, FolderKind kind)
    {
        var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        NewFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(string.Join('\n', [Head(kind), .. names, ""])));
    }

    /// <summary>The names in a folder when all that it holds was written by this program as this kind; else null.</summary>
    public static IReadOnlyList<string>? Own(string folder, FolderKind kind)
    {
        var entries = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).ToList();
        // Links to files count as files: the link is removed, its target stays.
        if (entries.Exists(e => Directory.Exists(Path.Combine(folder, e)) && new FileInfo(Path.Combine(folder, e)).LinkTarget is null))
            return null;
        var marker = Path.Combine(folder, FileName);
        if (!entries.Contains(FileName))
            return kind.IsOlder(entries) ? entries : null;
        if (FileStatus.Of(marker).Kind != FileKind.Regular || new FileInfo(marker).Length > MaxBytes)
            return null;
        var lines = File.ReadAllLines(marker);
        var isOwn = lines is [var head, .. var names] && head == Head(kind) && entries.TrueForAll(e => e == FileName || names.Contains(e));
        return isOwn ? entries : null;
    }

    private static string Head(FolderKind kind) =>
        $"StarKV made this folder, {kind.Name}, and may replace it while it holds these files and no others:";
}
