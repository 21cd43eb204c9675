using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Reliability F12: whatever kept a run's file from being written, the sentence asked about another process.</summary>
public sealed class LocksWereBlamedForEverything : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Another_process_is_named_when_it_holds_the_lock()
    {
        var folder = Begin();
        using var log = folder.Open(Shard.Whole);
        Assert.Equal(
            $"The run's file cannot be written to '{Samples}': another process runs the same shard.",
            Assert.Throws<StarKvException>(() => folder.Open(Shard.Whole)).Message);
    }

    [Fact]
    public void What_cannot_be_written_for_another_reason_says_that_and_does_not_wait()
    {
        var folder = Begin();
        // As on a disk that is mounted read-only, the lock cannot be made.
        Directory.CreateDirectory($"{Samples}.lock");
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(
            $"The run's file cannot be written to '{Samples}': access is denied.",
            Assert.Throws<StarKvException>(() => folder.Open(Shard.Whole, TimeSpan.FromMinutes(5))).Message);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("samples-1-of-1.jsonl")]
    [InlineData("errors-1-of-1.jsonl")]
    [InlineData("starts-1-of-1.jsonl")]
    public void A_pipe_is_no_file_of_a_run(string name)
    {
        var folder = Begin();
        var pipe = NamedPipe.Make(_temp.File($"my run/{name}"));
        var error = Assert.Throws<StarKvException>(() =>
        {
            folder.NoteStart(Shard.Whole, FakeRun.Manifest().Environment);
            folder.Open(Shard.Whole).Dispose();
        });
        Assert.Equal($"The run's file cannot be written to '{pipe}': it is a named pipe; name a file.", error.Message);
    }

    [Theory]
    [InlineData("summary.json")]
    [InlineData("metrics.json")]
    public void A_file_that_a_run_would_write_over_is_not_taken_for_its_own(string name)
    {
        Directory.CreateDirectory(_temp.File("my run"));
        _temp.Write($"my run/{name}", "mine");
        var error = Assert.Throws<StarKvException>(Begin);
        Assert.Contains($"a file {name}, which a run would write over", error.Message, StringComparison.Ordinal);
        Assert.Equal(name, Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_temp.File("my run")))));
    }

    [Theory]
    [InlineData("run.json", true)]
    [InlineData("summary.json", true)]
    [InlineData("samples-1-of-2.jsonl", true)]
    [InlineData("results.md", false)]
    public void A_run_knows_its_files(string name, bool owns)
    {
        Begin();
        File.CreateSymbolicLink(_temp.File("link"), $"my run/{name}");
        Assert.Equal(owns, RunFolder.Owns(_temp.File($"my run/{name}")));
        Assert.Equal(owns, RunFolder.Owns(_temp.File("link")));
        Assert.False(RunFolder.Owns(_temp.File(name)));
    }

    private string Samples => _temp.File("my run/samples-1-of-1.jsonl");

    private RunFolder Begin()
    {
        var folder = new RunFolder(_temp.File("my run"));
        folder.Begin(FakeRun.Manifest());
        return folder;
    }
}
