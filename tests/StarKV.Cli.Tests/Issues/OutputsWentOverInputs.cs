using System.Diagnostics;

namespace StarKV.Cli.Tests.Issues;

/// <summary>Reliability F1: a verb wrote over what it read, into it, or over a file that nobody named.</summary>
public sealed class OutputsWentOverInputs : IDisposable
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "StarKV.Cli");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("shot.png")]
    [InlineData("link to shot.png")]
    [InlineData("linked folder/shot.png")]
    public async Task A_picture_or_page_does_not_replace_the_screenshot(string name)
    {
        var bytes = Screenshot();
        string[] ground = ["ground", "--model", "none", "--instruction", "go", "--image", _temp.File("shot.png"), "--overlay"];
        (await CommandRun.Of([.. ground, _temp.File(name)])).Refused("it is a screenshot that is read; name another file");
        string[] inspect = ["inspect", "--image", _temp.File(name), "--instruction", "go", "--out", _temp.File("shot.png")];
        (await CommandRun.Of(inspect)).Refused("it is a screenshot that is read; name another file");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_temp.File("shot.png"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_plot_does_not_replace_its_log()
    {
        var log = _temp.Copy("models", "mini", "training.jsonl");
        (await CommandRun.Of("minigui", "plot", log, "--out", log)).Refused("it is the log that is read");
        Assert.Equal(new FileInfo(RepositoryFiles.Path("models", "mini", "training.jsonl")).Length, new FileInfo(log).Length);
    }

    [Theory]
    [InlineData("", "is the model that is read")]
    [InlineData("/my run", "is inside the model that is read")]
    public async Task A_run_is_not_written_into_its_model(string below, string reason)
    {
        var model = Directory.CreateDirectory(_temp.File("model")).FullName;
        File.CreateSymbolicLink(_temp.File("link"), "model");
        (await CommandRun.Of("eval", "minigui", "--model", model, "--limit", "1", "--out", _temp.File("link") + below)).Refused(reason);
        Assert.Empty(Directory.GetFileSystemEntries(model));
    }

    [Fact]
    public async Task A_run_is_not_written_into_its_data()
    {
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", "nested")))
            File.Copy(file, _temp.File(Path.GetFileName(file)));
        var images = Directory.CreateDirectory(_temp.File("images")).FullName;
        var before = Directory.GetFileSystemEntries(_temp.Path);
        string[] eval = ["eval", "screenspot-v2", "--data", _temp.Path, "--images", images, "--method", "full", "--out"];
        (await CommandRun.Of([.. eval, _temp.Path])).Refused("it is the folder of the annotations");
        (await CommandRun.Of([.. eval, images])).Refused("it is the folder of the screenshots");
        Assert.Equal(before, Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task Quantize_says_before_it_loads_anything_what_it_does_not_replace()
    {
        _temp.Write("thesis.txt", "mine");
        var model = RepositoryFiles.Path("models", "mini");
        (await CommandRun.Of("minigui", "quantize", model, _temp.Path)).Refused("holds more than an FP8 model that StarKV wrote");
        (await CommandRun.Of("minigui", "train", "--shape", model, "--out", model)).Refused("is the model whose shape is taken");
        Assert.Single(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task A_sheet_does_not_fill_the_folder_that_must_be_empty()
    {
        var run = await CommandRun.Of("minigui", "draw", "--out", _temp.File("a b"), "--sheet", _temp.File("a b/sheet.png"));
        run.Refused("lies in --out", "name a picture elsewhere");
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("summary.json")]
    [InlineData("samples-1-of-1.jsonl")]
    public async Task A_page_does_not_replace_a_file_of_the_run(string name)
    {
        var run = FinishedRunFolder.Make(_temp.File("run"));
        (await CommandRun.Of("eval", "report", run, "--out", Path.Combine(run, name))).Refused("is a file of a run");
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of("eval", "report", run, "--out", Path.Combine(run, "results.md"))).ExitCode);
    }

    [Fact]
    public async Task The_summary_beside_a_page_replaces_only_another_page_s()
    {
        var run = FinishedRunFolder.Make(_temp.File("run"));
        _temp.Write("summary.json", """{"mine":1}""");
        (await CommandRun.Of("report", run, "--out", _temp.File("x.html"))).Refused("is not the summary of a report");
        Assert.Equal("""{"mine":1}""", await File.ReadAllTextAsync(_temp.File("summary.json"), TestContext.Current.CancellationToken));
        (await CommandRun.Of("report", run, "--out", _temp.File("pages/summary.json"))).Refused("it is the place of the summary next to the page");
        for (var i = 0; i < 2; i++)
            Assert.Equal(ExitCodes.Success, (await CommandRun.Of("report", run, "--out", _temp.File("pages/x.html"))).ExitCode);
    }

    [Theory]
    [InlineData("report", "report.html")]
    [InlineData("eval report", "results.md")]
    public void A_file_that_nobody_named_is_replaced_only_when_the_program_wrote_it(string verb, string name)
    {
        var run = FinishedRunFolder.Make(_temp.File("run"));
        _temp.Write(name, "mine");
        var (code, _, errors) = Command(verb, run);
        Assert.Equal(ExitCodes.BadInput, code);
        const string reason = "a file of that name exists, which StarKV did not write; name it with --out to replace it";
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_temp.File(name)));
        Assert.Equal(ExitCodes.Success, Command($"{verb} --out {name}", run).Code);
        Assert.Equal(ExitCodes.Success, Command(verb, run).Code);
    }

    private (int Code, string Output, string Errors) Command(string verb, string run) =>
        TestPrograms.Run(new ProcessStartInfo(s_program, [.. verb.Split(' '), run]) { WorkingDirectory = _temp.Path });

    private byte[] Screenshot()
    {
        File.Copy(RepositoryFiles.Path("models", "mini", "demo", "screenshot.png"), _temp.File("shot.png"));
        File.CreateSymbolicLink(_temp.File("link to shot.png"), "shot.png");
        File.CreateSymbolicLink(_temp.File("linked folder"), ".");
        return File.ReadAllBytes(_temp.File("shot.png"));
    }
}
