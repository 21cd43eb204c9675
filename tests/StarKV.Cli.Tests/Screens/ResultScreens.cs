namespace StarKV.Cli.Tests.Screens;

/// <summary>What verbs show of the shipped model's work.</summary>
public sealed class ResultScreens : IDisposable
{
    private static readonly MiniSample s_sample = MiniSample.Of("text_2");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo() =>
        Assert.Equal(ExitCodes.Success, (await Screen.Check("demo.txt", Times(), "demo", "--device", "cpu", "--overlay", _folder.File("kept.png"))).ExitCode);

    [Fact]
    public async Task Ground() => Assert.Equal(ExitCodes.Success, (await Screen.Check("ground.txt", Resident(), GroundLine("--overlay", _folder.File("kept.png")))).ExitCode);

    [Fact]
    public async Task Ground_without_an_action() => Assert.Equal(ExitCodes.Failed, (await Screen.Check("ground-cut.txt", Resident(), GroundLine("--max-new-tokens", "1"))).ExitCode);

    [Fact]
    public async Task Ground_as_json() => Assert.Equal(ExitCodes.Success, (await Screen.Check(
        "ground.json.txt", Times().Pattern(@"(?<keep>""(?:preprocess|vision|prefill|selection|decode)"": )[\d.]+", "time"), GroundLine("--json"))).ExitCode);

    [Fact]
    public async Task Inspect() => Assert.Equal(ExitCodes.Success, (await Screen.Check(
        "inspect.txt", Times().Pattern(@"(?<keep>(?:yes|no) +)[\d.]+ %", "share"),
        "inspect", "--device", "cpu", "--method", "full,star-kv,snapkv", "--keep", "20%", "--out", _folder.File("page.html"))).ExitCode);

    [Fact]
    public async Task Eval()
    {
        string[] line = ["eval", "minigui", "--method", "full,star-kv", "--keep", "20%", "--limit", "2", "--device", "cpu", "--out", _folder.File("run")];
        Assert.Equal(ExitCodes.Success, (await Screen.Check("eval.txt", Times(), line)).ExitCode);
        // Called again, it finds all done.
        Assert.Equal(ExitCodes.Success, (await Screen.Check("eval-again.txt", Times(), line)).ExitCode);
    }

    [Fact]
    public async Task Eval_step_by_step()
    {
        string[] line =
        [
            "eval", "minigui", "--sessions", "reread,lossless,evict:window=1", "--method", "full,snapkv", "--keep", "40%", "--filter", "size=336x336", "--limit", "1",
            "--device", "cpu", "--out", _folder.File("steps"),
        ];
        Assert.Equal(ExitCodes.Success, (await Screen.Check("eval-sessions.txt", Times(), line)).ExitCode);
        // It is repeated from its manifest like any other run.
        var replay = await CommandRun.Of("replay", _folder.File("steps"), "--device", "cpu", "--json");
        Assert.True(replay.ExitCode == ExitCodes.Success, replay.Out);
        Assert.Equal(1, replay.Json.GetProperty("same").GetInt32());
        var pages = await CommandRun.Of("report", _folder.File("steps"), "--out", _folder.File("page/report.html"));
        Assert.Equal(ExitCodes.Success, pages.ExitCode);
        Assert.Contains("snapkv@lossless", await File.ReadAllTextAsync(_folder.File("page/report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor() => Assert.Equal(ExitCodes.Success, (await Screen.Check(
        "doctor.txt",
        new Scrubber().Sizes().Pattern(@"(?<keep>Skia )[\d.]+", "version").Pattern(@"(?<keep>(?:system|libstdc\+\+|libtorch): ).*", "this machine's"),
        "doctor", "--device", "cpu")).ExitCode);

    private Scrubber Times() => new Scrubber().Text(_folder.Path, "folder").Times();

    private Scrubber Resident() => Times().Pattern(@"(?<keep>process +)[\d.]+ [KMG]iB", "size");

    private static string[] GroundLine(params string[] more) =>
        ["ground", "--device", "cpu", "--model", RepositoryFiles.Path("models", "mini"), "--image", s_sample.Files()[0], "--instruction", s_sample.Instruction, .. more];
}
