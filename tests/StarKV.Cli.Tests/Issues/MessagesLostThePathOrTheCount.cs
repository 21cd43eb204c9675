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

    [Theory]
    [InlineData("eval minigui --limit abc", "--limit is 'abc'; it must be a whole number.")]
    [InlineData("ground --model x --instruction go --temperature warm", "--temperature is 'warm'; it must be a number.")]
    [InlineData("minigui draw --seed -1", "--seed is '-1'; it must be a whole number, 0 or more.")]
    [InlineData("starkv-bench prefill --screens 1 x", "--screens is 'x'; it must be a whole number.")]
    public async Task What_is_no_number_is_said_without_names_of_types(string line, string said) => (await CommandRun.Of(line.Split(' '))).Refused(said);

    [Fact]
    public async Task One_of_something_is_not_written_as_several()
    {
        var run = await CommandRun.Of("inspect", "--method", "snapkv", "--device", "cpu", "--out", _folder.File("page.html"));
        Assert.Contains("answering from 1 cache on", run.Error, StringComparison.Ordinal);
        Assert.Equal("1 sample, 1 task", $"{Format.Count(1, "sample")}, {Format.Count(1, "task")}");
        Assert.Equal("0 caches, 2 caches", $"{Format.Count(0, "cache")}, {Format.Count(2, "cache")}");
        // A number before a plural is written by Format.Count, wherever the command says how many.
        string[] folders = [RepositoryFiles.Path("src", "StarKV.Cli"), RepositoryFiles.Path("bench", "StarKV.Bench")];
        var sources = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal));
        Assert.All(sources, file => Assert.DoesNotMatch(@"\{[A-Za-z.\[\]0]+\} (caches|samples|pictures|screenshots)\b", File.ReadAllText(file)));
    }
}
