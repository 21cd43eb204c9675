using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>Every link between the repository's own files leads somewhere, headings included.</summary>
public sealed partial class MarkdownLinkTests
{
    [Fact]
    public void Relative_links_resolve()
    {
        var broken = RepositoryText.MarkdownFiles().SelectMany(Broken).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void The_readme_and_the_docs_are_among_the_files()
    {
        var files = RepositoryText.MarkdownFiles().ToList();
        Assert.Contains("README.md", files);
        Assert.Contains("docs/decisions/0002-loading-libtorch.md", files);
    }

    [Theory]
    [InlineData("## star-kv", "star-kv")]
    [InlineData("### What `keep 20 %` means", "what-keep-20--means")]
    public void Headings_become_anchors(string heading, string anchor) => Assert.Contains(anchor, Anchors(heading));

    private static IEnumerable<string> Broken(string file)
    {
        foreach (Match link in Link().Matches(WithoutCode(RepositoryText.Read(file))))
        {
            var target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                continue;
            var (path, anchor) = target.Split('#', 2) is [var p, var a] ? (p, a) : (target, "");
            var from = Path.GetDirectoryName(RepositoryFiles.Path(file))!;
            var full = path.Length == 0 ? RepositoryFiles.Path(file) : Path.GetFullPath(Path.Combine(from, Uri.UnescapeDataString(path)));
            if (!File.Exists(full) && !Directory.Exists(full))
                yield return $"{file}: {target} leads to no file";
            else if (anchor.Length > 0 && !Anchors(File.ReadAllText(full).ReplaceLineEndings("\n")).Contains(anchor))
                yield return $"{file}: {target} leads to no heading";
        }
    }

    /// <summary>The anchors of a page's headings: lower case, spaces as hyphens, other signs left out.</summary>
    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(WithoutFences(page)).Select(m => string.Concat(m.Groups[1].Value.ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'))];

    private static string WithoutCode(string page) => InlineCode().Replace(WithoutFences(page), "");

    private static string WithoutFences(string page) => Fence().Replace(page, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();
}
