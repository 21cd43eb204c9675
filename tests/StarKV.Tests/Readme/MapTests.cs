using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>The maps of the repository name what is there: all of its projects, and no path that is gone.</summary>
public sealed partial class MapTests
{
    [Theory]
    [InlineData("AGENTS.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_project_is_on_the_map(string page)
    {
        var text = RepositoryText.Read(page);
        var projects = Directory.EnumerateDirectories(RepositoryFiles.Path("src")).Select(folder => Path.GetFileName(folder)!).ToList();
        Assert.True(projects.Count >= 5, $"{projects.Count} projects");
        Assert.All(projects, project => Assert.True(text.Contains($"`src/{project}`", StringComparison.Ordinal), $"{page} does not name `src/{project}`."));
    }

    [Theory]
    [InlineData("AGENTS.md", 12)]
    [InlineData("CONTRIBUTING.md", 12)]
    [InlineData(".github/PULL_REQUEST_TEMPLATE.md", 4)]
    public void Every_path_on_it_is_there(string page, int least)
    {
        var paths = Named().Matches(RepositoryText.Read(page)).Select(m => m.Groups[1].Value).Where(IsPath).Distinct().ToList();
        Assert.True(paths.Count >= least, $"{page} names {paths.Count} paths: {string.Join(", ", paths)}");
        Assert.All(paths, path => Assert.True(Exists(RepositoryFiles.Path(path)), $"{page} names {path}, which is not there."));
    }

    [Theory]
    [InlineData("src/StarKV", true)]
    [InlineData(".ci/run", true)]
    [InlineData("eng", true)]
    [InlineData("CHANGELOG.md", true)]
    [InlineData("src/StarKV/Score/NAME.cs", false)]
    [InlineData("Input", false)]
    [InlineData("dotnet restore", false)]
    [InlineData("/dev/null", false)]
    public void A_path_is_told_from_other_words(string word, bool isPath) => Assert.Equal(isPath, IsPath(word));

    [Fact]
    public void The_rooms_of_the_engine_are_listed_in_their_order()
    {
        var rows = Room().Matches(RepositoryText.Read("docs/architecture.md")).Select(m => m.Groups[1].Value).ToList();
        var folders = Directory.EnumerateDirectories(RepositoryFiles.Path("src", "StarKV")).Select(folder => Path.GetFileName(folder)!);
        var rooms = folders.Where(name => name is not ("bin" or "obj")).Append("GuiAgent");
        Assert.Equal(rooms.Order(StringComparer.Ordinal), rows.Where(row => !row.StartsWith("StarKV.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>A file or folder at the root, or one below a folder there, without places to be filled in.</summary>
    private static bool IsPath(string word)
    {
        var first = word.Split('/')[0];
        return first.Length > 0 && !word.Contains(' ', StringComparison.Ordinal) && !Hole().IsMatch(word)
            && (word.Contains('/', StringComparison.Ordinal) || Lower().IsMatch(word) || word.EndsWith(".md", StringComparison.Ordinal))
            && Exists(RepositoryFiles.Path(first));
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| `(\w[\w.]*)` \|", RegexOptions.Multiline)]
    private static partial Regex Room();

    /// <summary>A word in capitals stands for any name; a file whose name is written so has an ending in small letters.</summary>
    [GeneratedRegex(@"\b[A-Z]{3,}\b(?!\.md)|[*…<>]")]
    private static partial Regex Hole();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex Lower();
}
