namespace StarKV.Cli.Tests.Issues;

/// <summary><c>dotnet test</c> ran <c>apt-get install</c> when npm or chromium was missing.</summary>
public sealed class TestsInstalledSystemPackagesUnasked : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_there_is_taken_and_no_script_called() => Assert.Equal("/there", TestPrograms.Find("x", () => "/there", Script("exit 3"), mayInstall: true));

    [Fact]
    public void What_is_missing_skips_the_test_with_a_reason()
    {
        var script = Script("touch \"$(dirname \"$0\")/called\"");
        var reason = "";
        try
        {
            TestPrograms.Find("chromium", () => null, script, mayInstall: false);
        }
        // Assert.Throws would let it through, and this test be skipped.
        catch (Exception e)
        {
            reason = e.Message;
        }

        Assert.StartsWith("$XunitDynamicSkip$chromium is missing", reason, StringComparison.Ordinal);
        Assert.Contains($"{TestPrograms.Variable}=1", reason, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("called")));
    }

    [Fact]
    public void When_it_is_allowed_the_script_brings_it_or_the_test_fails()
    {
        Assert.Equal("/brought", TestPrograms.Find("x", () => null, Script("echo /brought"), mayInstall: true));
        var failure = Assert.ThrowsAny<Exception>(() => TestPrograms.Find("x", () => null, Script("echo no network >&2; exit 1"), mayInstall: true));
        Assert.Contains("no network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_other_test_calls_the_scripts() => Assert.All(
        Directory.EnumerateFiles(RepositoryFiles.Path("tests"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.EndsWith("/TestPrograms.cs", StringComparison.Ordinal)),
        file => Assert.DoesNotMatch("\"eng\", \"(install|fetch)", File.ReadAllText(file)));

    private string Script(string line) => _folder.Script($"{Guid.NewGuid():N}.sh", line);
}
