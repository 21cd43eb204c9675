namespace StarKV.Cli.Tests.Issues;

/// <summary><c>replay /nope</c> named <c>/</c>, a screenshot lost its folder, and one cache was <c>1 caches</c>.</summary>
public sealed class MessagesLostThePathOrTheCount : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_names_what_was_asked_for() => (await CommandRun.Of("replay", "/nope")).Refused("'/nope'", "starkv eval writes one");

    [Theory]
    [InlineData("text.png", "no picture")]
    [InlineData("empty.png", "")]
    public async Task A_screenshot_is_named_with_its_folder(string name, string content)
    {
        var path = _folder.Write(name, content);
        (await CommandRun.Of("ground", "--model", "x", "--instruction", "go", "--image", path)).Refused($"'{path}'");
    }

    [Fact]
    public async Task One_of_something_is_not_written_as_several()
    {
        var run = await CommandRun.Of("inspect", "--method", "snapkv", "--device", "cpu", "--out", _folder.File("page.html"));
        Assert.Contains("answering from 1 cache on", run.Error, StringComparison.Ordinal);
        Assert.Equal("1 sample, 1 task", $"{Format.Count(1, "sample")}, {Format.Count(1, "task")}");
        Assert.Equal("0 caches, 2 caches", $"{Format.Count(0, "cache")}, {Format.Count(2, "cache")}");
        // A number before a plural is written by Format.Count, wherever the command says how many.
        var sources = Directory.EnumerateFiles(RepositoryFiles.Path("src", "StarKV.Cli"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal));
        Assert.All(sources, file => Assert.DoesNotMatch(@"\{[A-Za-z.\[\]0]+\} (caches|samples|pictures|screenshots)\b", File.ReadAllText(file)));
    }
}
