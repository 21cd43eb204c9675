using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Runs;

public sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private RunFolder Folder(string name) => new(_temp.File(name));

    private string Lines(string name) => Path.Combine(_temp.File(name), Shard.Whole.FileName);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_file_cut_at_any_byte_of_its_last_line_loses_that_line_alone()
    {
        FakeRun.Go(Folder("whole"), Shard.Whole);
        var (whole, summary) = (File.ReadAllBytes(Lines("whole")), FakeRun.Summary(Folder("whole")));
        var last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        var cut = Folder("cut");
        FakeRun.Go(cut, Shard.Whole);
        for (var length = last; length < whole.Length; length++)
        {
            File.WriteAllBytes(Lines("cut"), whole[..length]);
            var asked = new List<string>();
            FakeRun.Go(cut, Shard.Whole, (task, stop) =>
            {
                asked.Add(task.Id);
                return FakeRun.Answer(task, stop);
            });
            Assert.Equal(["t11"], asked);
            Assert.Equal(whole, File.ReadAllBytes(Lines("cut")));
        }

        Assert.Equal(summary, FakeRun.Summary(cut));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(11)]
    public void A_run_that_is_stopped_goes_on_where_it_was_and_ends_with_the_same_summary(int stopAt)
    {
        FakeRun.Go(Folder("whole"), Shard.Whole);
        var asked = new List<string>();
        var folder = Folder("stopped");
        Assert.Throws<OperationCanceledException>(() => FakeRun.Go(folder, Shard.Whole, (task, stop) =>
        {
            asked.Add(task.Id);
            return asked.Count > stopAt ? throw new OperationCanceledException() : FakeRun.Answer(task, stop);
        }));
        FakeRun.Go(folder, Shard.Whole, (task, stop) =>
        {
            asked.Add(task.Id);
            return FakeRun.Answer(task, stop);
        });
        // Only the sample in flight was asked twice.
        Assert.Equal(FakeRun.Tasks.Count + 1, asked.Count);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(folder));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Shards_together_equal_one_run_byte_for_byte(int count)
    {
        FakeRun.Go(Folder("whole"), Shard.Whole);
        var sharded = Folder("sharded");
        foreach (var index in Enumerable.Range(1, count).Reverse())
            FakeRun.Go(sharded, new Shard(index, count));
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(sharded));
    }

    [Fact]
    public void A_bad_sample_is_recorded_and_is_an_error_of_every_cell()
    {
        var folder = Folder("bad");
        FakeRun.Go(folder, Shard.Whole, (task, stop) => task.Id == "t04" ? throw new StarKvException("screenshot 't04' is damaged.") : FakeRun.Answer(task, stop));
        var samples = folder.Samples();
        Assert.Equal("screenshot 't04' is damaged.", samples["t04"].Error);
        var summary = StarKV.Evaluation.Reports.RunSummary.Of(FakeRun.Plan, samples);
        Assert.Equal((12, 1), (summary.Done, summary.Errors));
        Assert.All(summary.Cells, cell => Assert.Equal((11, 1), (cell.N, cell.Errors)));
        Assert.Equal(11, summary.Cells.Single(c => c.Method == "full").Right);
        Assert.Equal(new StarKV.Evaluation.Reports.Tally(5, 5), summary.Cells.Single(c => c.Method == "full").By["kind"]["Text"]);
    }

    [Fact]
    public void A_folder_with_another_run_is_refused_with_what_differs()
    {
        var folder = Folder("run");
        folder.Begin(FakeRun.Manifest(FakeRun.Plan));
        folder.Begin(FakeRun.Manifest(FakeRun.Plan));
        var error = Assert.Throws<StarKvException>(() => folder.Begin(FakeRun.Manifest(FakeRun.Plan with { Match = MatchBy.Bytes })));
        Assert.Contains("holds a run with match \"tokens\", not \"bytes\"", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<StarKvException>(() => folder.Begin(FakeRun.Manifest(FakeRun.Plan with { Limit = 3 })));
        Assert.Contains("limit none, not 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_line_in_the_middle_is_named()
    {
        FakeRun.Go(Folder("run"), Shard.Whole);
        var lines = File.ReadAllLines(Lines("run"));
        lines[3] = lines[3][..20];
        File.WriteAllLines(Lines("run"), lines);
        Assert.Contains("line 4 of ", Assert.Throws<StarKvException>(() => FakeRun.Go(Folder("run"), Shard.Whole)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_shard_is_run_by_one_process_at_a_time()
    {
        var folder = Folder("run");
        folder.Begin(FakeRun.Manifest(FakeRun.Plan));
        using var log = folder.Open(Shard.Whole);
        log.Append(FakeRun.Answer(FakeRun.Tasks[0]));
        Assert.Single(folder.Samples());
        Assert.Contains("another process", Assert.Throws<StarKvException>(() => folder.Open(Shard.Whole)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("2/4", 2, 4)]
    public void Shards_are_written_as_i_of_n(string text, int index, int count) => Assert.Equal(new Shard(index, count), Shard.Parse(text));

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("a/b")]
    public void Other_shards_are_refused(string text) => Assert.Contains(text, Assert.Throws<StarKvException>(() => Shard.Parse(text)).Message, StringComparison.Ordinal);
}
