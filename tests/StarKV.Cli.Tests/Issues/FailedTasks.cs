using System.Text.Json;

namespace StarKV.Cli.Tests.Issues;

/// <summary>What the command says of tasks that failed: it hid the reasons, never tried them again, ended in internal errors, and called two errors the same answer.</summary>
public sealed class FailedTasks : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Run => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    [Trait("outside", "2.4")]
    public async Task They_are_tried_again_once_the_cause_is_gone()
    {
        Nested();
        string[] line = ["eval", "screenspot-v2", "--data", _temp.Path, "--method", "full,star-kv", "--keep", "20%", "--max-new-tokens", "24", "--device", "cpu", "--out", Run];
        var failed = await CommandRun.Of(line);
        Assert.Equal(ExitCodes.Failed, failed.ExitCode);
        Assert.Contains("Errors, by reason:\n  1 task, every cache: screenshot ", failed.Out, StringComparison.Ordinal);
        Assert.Contains("00000_0.png' does not exist. (mobile-0000)", failed.Out, StringComparison.Ordinal);
        Assert.Contains("1 task failed in at least one cache; called again, the same command tries it again.", failed.Out, StringComparison.Ordinal);
        Assert.Contains("– (n 0, 1 error)", failed.Out, StringComparison.Ordinal);
        Assert.Equal(2, Summary(Run).GetProperty("cells").GetArrayLength());
        Assert.Equal(1, Summary(Run).GetProperty("reasons")[0].GetProperty("tasks").GetInt32());
        var json = await CommandRun.Of([.. line, "--json"]);
        Assert.Equal(1, json.Json.GetProperty("cells")[1].GetProperty("errors").GetInt32());
        Assert.Contains("tries it again", json.Error, StringComparison.Ordinal);

        File.Copy(RepositoryFiles.Path("tests", "vectors", "outside", "data", "screen.png"), _temp.File("images/00000_0.png"));
        var mended = await CommandRun.Of(line);
        Assert.Equal(ExitCodes.Success, mended.ExitCode);
        Assert.Contains("0 are done, 1 with errors are tried again", mended.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 1 tasks are done, 0 with errors", mended.Out, StringComparison.Ordinal);
        Assert.Equal(1, Summary(Run).GetProperty("cells")[0].GetProperty("n").GetInt32());
        // What is mended equals what never failed.
        line[^1] = _temp.File("fresh");
        Assert.Equal(ExitCodes.Success, (await CommandRun.Of(line)).ExitCode);
        Assert.Equal(await Text(line[^1], "summary.json"), await Text(Run, "summary.json"));
    }

    [Fact]
    [Trait("outside", "2.3")]
    public async Task A_run_of_errors_alone_has_its_pages()
    {
        AllErrors();
        var results = await CommandRun.Of("eval", "report", Run, "--out", _temp.File("results.md"));
        Assert.Equal((ExitCodes.Success, ""), (results.ExitCode, results.Error));
        Assert.Contains("| `star-kv` | – (n 0, 1 error) |  |", await Text(_temp.Path, "results.md"), StringComparison.Ordinal);
        var page = await CommandRun.Of("report", Run, "--out", _temp.File("report.html"));
        Assert.Equal(ExitCodes.Success, page.ExitCode);
        Assert.StartsWith("screenspot-v2/strict: no task could be run, 1 of 1 have errors.", page.Out, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("outside", "2.3")]
    public async Task Replay_says_that_they_failed_in_both()
    {
        Nested();
        AllErrors();
        var replay = await CommandRun.Of("replay", Run, "--model", RepositoryFiles.Path("models", "mini"), "--annotations", _temp.Path, "--images", _temp.File("images"), "--device", "cpu");
        Assert.Equal(ExitCodes.Failed, replay.ExitCode);
        Assert.Contains("Nothing to compare: 1 of 1 tasks failed in both runs.", replay.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("the same", replay.Out, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["full", "star-kv"], Summary($"{Run}-replay").GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("method").GetString()));
        Assert.True(File.Exists(Path.Combine($"{Run}-replay", "released", "full@100%", "summary_results.json")));
    }

    [Fact]
    public async Task Inspect_shows_the_caches_that_fit_and_says_why_another_does_not()
    {
        string[] line = ["inspect", "--method", "star-kv:protect=instruction,full", "--keep", "2%", "--device", "cpu", "--out", _temp.File("page.html")];
        var run = await CommandRun.Of(line);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("star-kv:protect=instruction, keep 2%: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("do not fit into the 8 tokens", run.Out, StringComparison.Ordinal);
        Assert.Contains("409", run.Out, StringComparison.Ordinal);
        var page = await Text(_temp.Path, "page.html");
        Assert.Contains("<th scope=\"row\">full</th>", page, StringComparison.Ordinal);
        Assert.Contains("do not fit into the 8 tokens", page, StringComparison.Ordinal);
        var json = (await CommandRun.Of([.. line, "--json"])).Json;
        Assert.Equal("full", Assert.Single(json.GetProperty("caches").EnumerateArray()).GetProperty("method").GetString());
        var failed = Assert.Single(json.GetProperty("failed").EnumerateArray());
        Assert.Equal(("star-kv:protect=instruction", "2%"), (failed.GetProperty("method").GetString(), failed.GetProperty("keep").GetString()));
        Assert.Contains("do not fit into the 8 tokens", failed.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Annotations of one task whose picture is not where they say.</summary>
    private void Nested()
    {
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", "nested")))
            File.Copy(file, _temp.File(Path.GetFileName(file)));
        Directory.CreateDirectory(_temp.File("images"));
    }

    /// <summary>A run of that task, made before errors had a file of their own.</summary>
    private void AllErrors()
    {
        Directory.CreateDirectory(Run);
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", "all-errors")))
            File.Copy(file, Path.Combine(Run, Path.GetFileName(file)));
    }

    private static JsonElement Summary(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "summary.json"))).RootElement;

    private static Task<string> Text(string folder, string file) => File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken);
}
