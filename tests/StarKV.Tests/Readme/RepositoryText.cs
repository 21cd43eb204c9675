namespace StarKV.Tests.Readme;

/// <summary>Text files of the repository, with line feeds only.</summary>
internal static class RepositoryText
{
    public static string Read(params string[] parts) => File.ReadAllText(RepositoryFiles.Path(parts)).ReplaceLineEndings("\n");

    /// <summary>Every Markdown file, relative to the root, build outputs left out.</summary>
    public static IEnumerable<string> MarkdownFiles()
    {
        var root = RepositoryFiles.Path();
        string[] left = ["bin", "obj", ".git", "artifacts", "publish", ".cache", "node_modules"];
        return Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(left.Contains))
            .Order(StringComparer.Ordinal);
    }
}
