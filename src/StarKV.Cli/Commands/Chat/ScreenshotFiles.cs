using System.Text.RegularExpressions;

namespace StarKV.Cli.Commands.Chat;

/// <summary>Finds the screenshots that files, folders and patterns name.</summary>
internal static partial class ScreenshotFiles
{
    private static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>The files, place by place; those of a folder or pattern by name, numbers in names by their value.</summary>
    /// <exception cref="StarKvException">A place has no screenshot.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> places) => [.. places.SelectMany(Of)];

    /// <summary>Whether a name ends as those of pictures do.</summary>
    public static bool IsPicture(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> Of(string place)
    {
        if (File.Exists(place))
            return [place];
        var isFolder = Directory.Exists(place);
        var (folder, pattern) = isFolder ? (place, "*") : (Path.GetDirectoryName(place), Path.GetFileName(place));
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        List<string> found = Directory.Exists(folder) && pattern.Length > 0
            ? [.. Directory.EnumerateFiles(folder, pattern, new EnumerationOptions()).Where(file => !isFolder || IsPicture(file))
                .OrderBy(file => Number().Replace(file, digits => digits.Value.PadLeft(20, '0')), StringComparer.Ordinal)]
            : [];
        return found.Count > 0
            ? found
            : throw new StarKvException(
                $"--images {place} names no screenshot; give files, folders with files whose names end in " +
                    $"{Format.Choice(s_endings)}, or patterns such as 'shots/*.png'.");
    }

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
