namespace StarKV.Cli.Commands.Chat;

/// <summary>Paths as people type, paste or drop them.</summary>
internal static class TypedPath
{
    private const string FileScheme = "file://", Home = "~/";
    private static readonly string[] s_beginnings = ["/", "./", "../", Home, FileScheme];

    /// <summary>The path that a text means: without quotes, <c>file://</c>, <c>~</c> and backslashes before blanks.</summary>
    public static string Read(string text) => Plain(Quoted(text) is (var path, null) ? path : text);

    /// <summary>The path with which a line begins, and what follows it; null where it begins with none.</summary>
    /// <remarks>
    /// That is the longest beginning that names a file, or what stands between quotes or is the only word and looks like a path, also where
    /// there is no such file.
    /// </remarks>
    public static (string Path, string? After)? Before(string line)
    {
        if (Quoted(line) is var (quoted, after) && (File.Exists(Plain(quoted)) || LooksLikePath(quoted)))
            return (Plain(quoted), after);
        for (var end = line.Length; end > 0; end = line.LastIndexOf(' ', end - 1))
        {
            if (Plain(line[..end]) is var path && File.Exists(path))
                return (path, Rest(line, end));
        }

        return line.Contains(' ', StringComparison.Ordinal) || !LooksLikePath(line) ? null : (Plain(line), null);
    }

    private static bool LooksLikePath(string text) =>
        ScreenshotFiles.IsPicture(text) || s_beginnings.Any(beginning => text.StartsWith(beginning, StringComparison.Ordinal));

    private static (string Inside, string? After)? Quoted(string line)
    {
        if (line is not ['"' or '\'', ..])
            return null;
        var end = line.IndexOf(line[0], 1);
        return end > 1 && (end == line.Length - 1 || line[end + 1] == ' ') ? (line[1..end], Rest(line, end + 1)) : null;
    }

    private static string? Rest(string line, int at) => line[at..].Trim() is { Length: > 0 } rest ? rest : null;

    private static string Plain(string path)
    {
        if (path.StartsWith(FileScheme, StringComparison.Ordinal) && Uri.TryCreate(path, UriKind.Absolute, out var address))
            return address.LocalPath;
        // Terminals write a backslash before blanks of what is dropped on them.
        if (!Path.Exists(path))
            path = path.Replace(@"\ ", " ", StringComparison.Ordinal);
        return path.StartsWith(Home, StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[Home.Length..])
            : path;
    }
}
