namespace StarKV.Cli.Tests.Issues;

/// <summary><c>eval --check</c> said "ready" of data with which every task then failed.</summary>
public sealed class CheckOfData : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("outside", "2.5")]
    public async Task Rows_and_missing_pictures_are_counted()
    {
        Outside("nested");
        Directory.CreateDirectory(_data.File("images/screenspotv2_image"));
        var run = await CommandRun.Of("eval", "screenspot-v2", "--data", _data.Path, "--check");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("screenspot-v2 incomplete", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 row, 1 picture missing, e.g.", run.Out, StringComparison.Ordinal);
        Assert.Contains("images/00000_0.png", run.Out, StringComparison.Ordinal);
        File.Copy(RepositoryFiles.Path("tests", "vectors", "outside", "data", "screen.png"), _data.File("images/00000_0.png"));
        var whole = await CommandRun.Of("eval", "screenspot-v2", "--data", _data.Path, "--check");
        Assert.Equal(ExitCodes.Success, whole.ExitCode);
        Assert.Contains("screenspot-v2 ready", whole.Out, StringComparison.Ordinal);
        Assert.Contains("1 row, every picture is there", whole.Out, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("outside", "2.9")]
    public async Task Files_without_rows_are_named_by_check_and_run()
    {
        Outside("empty");
        Directory.CreateDirectory(_data.File("images"));
        var run = await CommandRun.Of("eval", "screenspot-v2", "--data", _data.Path, "--check");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("screenspot-v2 has no rows", run.Out, StringComparison.Ordinal);
        (await CommandRun.Of("eval", "screenspot-v2", "--data", _data.Path, "--method", "full", "--out", _data.File("run"))).Refused("screenspot-v2 has no rows", "screenspot_mobile_v2.json");
    }

    [Fact]
    [Trait("outside", "2.1")]
    public async Task A_prompts_file_with_a_byte_order_mark_is_read()
    {
        Outside("bom");
        Directory.CreateDirectory(_data.File("images"));
        File.Copy(RepositoryFiles.Path("tests", "vectors", "outside", "data", "screen.png"), _data.File("images/00000_0.png"));
        var run = await CommandRun.Of("eval", "screenspot-v2", "--data", _data.Path, "--prompts", _data.File("prompts.json"), "--check");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
    }

    [Fact]
    public async Task A_list_of_tasks_with_null_is_refused_in_one_sentence() =>
        (await CommandRun.Of("eval", "minigui", "--manifest", RepositoryFiles.Path("tests", "vectors", "outside", "hostile", "manifest-null1.json"), "--out", _data.File("run"))).Refused("manifest-null1.json is not a list of tasks", "$[3].expected");

    private void Outside(string folder)
    {
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("tests", "vectors", "outside", "data", folder)))
            File.Copy(file, _data.File(Path.GetFileName(file)));
    }
}
