using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Tests.Screens;

/// <summary>The words of the pages of <c>inspect</c> and <c>report</c>.</summary>
public sealed class PageScreens : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect()
    {
        var page = _folder.File("page.html");
        var run = await CommandRun.Of("inspect", "--device", "cpu", "--method", "full,star-kv,snapkv", "--keep", "20%", "--out", page);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Snapshot.Check("inspect-page.txt", Kept().Of(PageOutline.Of(PageOutline.MainOf(html))));
    }

    [Fact]
    public async Task Inspect_of_steps()
    {
        var page = _folder.File("page.html");
        string[] line = ["inspect", "--steps", "--storage", "lossless,evict", "--keep", "100t", "--device", "cpu", "--out", page,
            "--instruction", "Click \"Save\"", "--image", .. Screenshots()];
        var scrubber = Kept().Pattern(@"click \(\d+,\d+\)", "click");

        Assert.Equal(ExitCodes.Success, (await Screen.Check("inspect-steps.txt", scrubber, line)).ExitCode);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Snapshot.Check("inspect-steps-page.txt", scrubber.Of(PageOutline.Of(PageOutline.MainOf(html))));
    }

    [Fact]
    public async Task Report()
    {
        var page = _folder.File("report.html");
        var line = new[] { "report", Run("tokens", MatchBy.Tokens), Run("bytes", MatchBy.Bytes), "--out", page };
        var scrubber = new Scrubber().Text(_folder.Path, "folder");

        Assert.Equal(ExitCodes.Success, (await Screen.Check("report.txt", scrubber, line)).ExitCode);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Snapshot.Check("report-page.txt", scrubber.Versions().Of(PageOutline.Of(PageOutline.MainOf(html))));
    }

    /// <summary>Copies: a blank in the repository's own path would be quoted on the page.</summary>
    private IEnumerable<string> Screenshots()
    {
        foreach (var (i, file) in MiniSample.Of("multi_step_instruction_first_0").Files()[..3].Index())
        {
            var copy = _folder.File($"{i + 1}.png");
            File.Copy(file, copy);
            yield return copy;
        }
    }

    private string Run(string name, MatchBy match) => MadeUpRun.Write(_folder.File(name), match, MadeUpRun.Machine);

    /// <summary>Times differ from run to run; which rows of a layer are kept may, on other processors, differ in a few.</summary>
    private Scrubber Kept() => new Scrubber().Text(_folder.Path, "folder").Times()
        .Pattern(@"(?<![\w.])\d+(?:\.\d+)? %", "share").Pattern(@"(?<![\w.])\d+\.\d\b", "number");
}
