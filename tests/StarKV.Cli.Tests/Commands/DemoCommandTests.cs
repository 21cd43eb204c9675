using StarKV.Input;

namespace StarKV.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_full_cache_and_a_fifth_of_it_both_find_the_target()
    {
        var run = await CommandRun.Of("demo", "--json", "--device", "cpu", "--overlay", _folder.File("kept.png"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        var answers = run.Json.GetProperty("answers").EnumerateArray().ToList();
        Assert.Equal(["full", "star-kv"], answers.Select(a => a.GetProperty("method").GetString()));
        Assert.All(answers, a => Assert.Equal("click", a.GetProperty("action").GetProperty("name").GetString()));
        var (full, fifth) = (answers[0].GetProperty("kv"), answers[1].GetProperty("kv"));
        Assert.Equal(full.GetProperty("fullBytes").GetInt64(), full.GetProperty("bytes").GetInt64());
        Assert.Equal(full.GetProperty("bytes").GetInt64(), fifth.GetProperty("fullBytes").GetInt64());
        // 409 tokens, of which 81 are kept.
        Assert.Equal(full.GetProperty("bytes").GetInt64() / 409 * 81, fifth.GetProperty("bytes").GetInt64());
        Assert.Equal(_folder.File("kept.png"), run.Json.GetProperty("overlay").GetString());
        Assert.InRange(Screenshot.Load(_folder.File("kept.png")).Width, 480, 10_000);
    }

    [Fact]
    public async Task Without_json_a_table_stands_the_two_side_by_side()
    {
        var run = await CommandRun.Of("demo", "--device", "cpu", "--overlay", _folder.File("kept.png"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("star-kv keep 20%", run.Out, StringComparison.Ordinal);
        Assert.Contains("81 of 409", run.Out, StringComparison.Ordinal);
        Assert.Contains("kept.png", run.Out, StringComparison.Ordinal);
        Assert.Contains("Loading the shipped model", run.Error, StringComparison.Ordinal);
    }
}
