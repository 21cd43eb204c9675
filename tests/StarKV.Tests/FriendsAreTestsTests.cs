using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StarKV.Tests;

/// <summary>What a shipped project uses of another is written down as public; only tests and the fuzzer see more.</summary>
public sealed partial class FriendsAreTestsTests
{
    private const string Fuzzer = "StarKV.Fuzz";

    /// <summary>The projects below src.</summary>
    public static TheoryData<string> Projects() => [.. Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_shipped_project_has_tests_for_friends_alone(string project) => Assert.All(FriendsOf(project), friend => Assert.True(IsTest(friend), $"{project} → {friend}"));

    [Fact]
    public void The_engine_has_friends() => Assert.Contains("StarKV.Tests", FriendsOf("StarKV"));

    [Fact]
    public void No_source_names_a_friend() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
            f => Attribute().IsMatch(File.ReadAllText(f)));

    [Theory]
    [InlineData("StarKV.Cli.Tests", true)]
    [InlineData(Fuzzer, true)]
    [InlineData("StarKV.Cli", false)]
    [InlineData("starkv-bench", false)]
    [InlineData("StarKV.Fuzz.Seeds", false)]
    public void A_test_is_known_by_its_name(string friend, bool isTest) => Assert.Equal(isTest, IsTest(friend));

    private static bool IsTest(string friend) => friend == Fuzzer || friend.EndsWith(".Tests", StringComparison.Ordinal);

    private static IReadOnlyList<string> FriendsOf(string project) =>
        [.. XDocument.Load(RepositoryFiles.Path("src", project, $"{project}.csproj")).Descendants("InternalsVisibleTo").Select(f => f.Attribute("Include")!.Value)];

    [GeneratedRegex(@"\bInternalsVisibleTo(Attribute)?\s*\(", RegexOptions.NonBacktracking)]
    private static partial Regex Attribute();
}
