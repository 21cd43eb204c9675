namespace StarKV.Tests;

/// <summary>A reader who sees a type's name knows which type is meant: no two public types of the libraries share one.</summary>
public sealed class PublicTypeNamesTests
{
    private const string Mark = "[STARKV001]";

    [Fact]
    public void No_two_public_types_have_one_name()
    {
        var twice = Types().GroupBy(t => t.Split('.')[^1]).Where(g => g.Distinct().Count() > 1).Select(g => string.Join(" and ", g));
        Assert.Equal("", string.Join('\n', twice));
    }

    [Fact]
    public void Every_library_says_what_it_offers()
    {
        var libraries = Directory.EnumerateDirectories(RepositoryFiles.Path("src")).Where(p => Path.GetFileName(p) != "StarKV.Cli");
        Assert.All(libraries, p => Assert.True(File.Exists(Path.Combine(p, "PublicAPI.Unshipped.txt")), p));
        Assert.InRange(Types().Count(), 300, 1000);
    }

    /// <summary>The full names of all public types: the lines of the lists that name no member.</summary>
    private static IEnumerable<string> Types() => Directory
        .EnumerateFiles(RepositoryFiles.Path("src"), "PublicAPI.*.txt", SearchOption.AllDirectories)
        .SelectMany(File.ReadLines)
        .Select(line => line.StartsWith(Mark, StringComparison.Ordinal) ? line[Mark.Length..] : line)
        .Where(line => line.Length > 0 && line.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_'));
}
