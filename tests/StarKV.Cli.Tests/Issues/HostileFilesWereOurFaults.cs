namespace StarKV.Cli.Tests.Issues;

/// <summary>Hostile files ended as "internal error … report them", or were waited for without end. Reliability F5, F6, F12.</summary>
public sealed class HostileFilesWereOurFaults : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Screen => RepositoryFiles.Path("models", "mini", "demo", "screenshot.png");

    private static Task<CommandRun> Ground(string model, string image) =>
        CommandRun.Of("ground", "--model", model, "--device", "cpu", "--image", image, "--instruction", "go").WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

    /// <summary>The shipped model, one of its files left out.</summary>
    private string ModelWithout(string name)
    {
        var folder = Directory.CreateDirectory(_folder.File("model a")).FullName;
        foreach (var file in Directory.EnumerateFiles(RepositoryFiles.Path("models", "mini")).Where(f => Path.GetFileName(f) != name))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        return folder;
    }

    [Fact]
    public async Task A_picture_that_is_a_pipe() => (await Ground(RepositoryFiles.Path("models", "mini"), _folder.Pipe("screen.png"))).Refused("screen.png", "it is a named pipe; give a regular file.");

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("generation_config.json")]
    [InlineData("preprocessor_config.json")]
    public async Task A_model_s_file_that_is_a_pipe(string name)
    {
        var model = ModelWithout(name);
        File.CreateSymbolicLink(Path.Combine(model, name), _folder.Pipe("pipe"));
        (await Ground(model, Screen)).Refused(name, "it is a named pipe; give a regular file.");
    }

    [Theory]
    [InlineData("""{"min_pixels":256,"max_pixels":2147483648,"patch_size":127,"merge_size":256}""", "max_pixels is 2147483648")]
    [InlineData("""{"min_pixels":256,"max_pixels":268435456,"patch_size":127,"merge_size":256}""", "patch_size 127 × merge_size 256")]
    [InlineData("""{"patch_size":28,"merge_size":1,"temporal_patch_size":1}""", "patch_size is 28, but")]
    [InlineData("""{"image_mean":[1e300,0,0]}""", "image_mean is [1e300,0,0]")]
    public async Task Sizes_that_contradict_one_another(string json, string reason)
    {
        var model = ModelWithout("preprocessor_config.json");
        await File.WriteAllTextAsync(Path.Combine(model, "preprocessor_config.json"), json, TestContext.Current.CancellationToken);
        (await Ground(model, Screen)).Refused("preprocessor_config.json: ", reason);
    }

    [Theory]
    [InlineData("samples-missing-label.jsonl")]
    [InlineData("samples-null-key.jsonl")]
    public async Task Lines_of_results_that_are_none(string name)
    {
        var hostile = RepositoryFiles.Path("tests", "vectors", "outside", "hostile");
        var run = (await File.ReadAllTextAsync(Path.Combine(hostile, "run-version-null.json"), TestContext.Current.CancellationToken)).Replace("\"version\": null", "\"version\": \"1\"", StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(_folder.File("run a")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "run.json"), run, TestContext.Current.CancellationToken);
        var samples = Path.Combine(folder, "samples-1-of-1.jsonl");
        File.Copy(Path.Combine(hostile, name), samples);
        (await CommandRun.Of("report", folder, "--out", _folder.File("page.html"))).Refused($"of {samples} is not a result: ");
    }

    [Fact]
    public async Task Parquet_that_announces_a_gigabyte()
    {
        File.Copy(RepositoryFiles.Path("tests", "vectors", "outside", "hostile", "footer-1GB.parquet"), _folder.File("test_task-00000-of-00001.parquet"));
        var look = await CommandRun.Of("eval", "mind2web", "--check", "--annotations", _folder.Path, "--images", _folder.Path);
        Assert.NotEqual(ExitCodes.Internal, look.ExitCode);
        Assert.Contains("a length of 26,843,545,599 is announced", look.Out + look.Error, StringComparison.Ordinal);
    }
}
