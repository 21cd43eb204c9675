using System.Text.RegularExpressions;

namespace StarKV.Tests.Issues;

/// <summary>Expressions that track back took cubic time on an answer of 5 KB (reliability F8); nothing stopped them.</summary>
public sealed partial class RegularExpressionsWithoutALimit
{
    /// <summary>Every regular expression of the sources: its place, and the arguments as they are written.</summary>
    public static TheoryData<string> Expressions()
    {
        var found = new TheoryData<string>();
        foreach (var path in RepositoryFiles.Sources())
            foreach (Match use in Use().Matches(File.ReadAllText(RepositoryFiles.Path(path))))
                found.Add($"{path}: {use.Value}");
        return found;
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Each_takes_linear_time_by_its_engine_or_has_a_limit(string use) =>
        Assert.True(Limit().IsMatch(use), $"{use} may track back without end; give it RegexOptions.NonBacktracking or MatchLimit.Milliseconds.");

    [Fact]
    public void They_are_found() => Assert.True(Expressions().Count > 80);

    [GeneratedRegex(@"(?:GeneratedRegex\((?s:.*?)\)\]\s*\n|new Regex\(.*|\bRegex\.(?!Escape|Unescape)[A-Z]\w*\(.*)")]
    private static partial Regex Use();

    [GeneratedRegex(@"NonBacktracking|\bLinear\b|MatchLimit\.Milliseconds\)")]
    private static partial Regex Limit();
}
