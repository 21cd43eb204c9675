using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Errors stood among the results as if they were one: they were never tried again, and nothing said how to.</summary>
public sealed class ErrorsAmongResults : IDisposable
{
    private static readonly RunCache s_tight = new("star-kv", "5%");
    private readonly TempFolder _temp = new();

    private RunFolder Folder(string name) => new(_temp.File(name));

    private string Errors(string name) => Path.Combine(_temp.File(name), Shard.Whole.ErrorsFileName);

    private string Answers(string name) => Path.Combine(_temp.File(name), Shard.Whole.FileName);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_run_without_errors_has_no_file_of_them()
    {
        FakeRun.Go(Folder("run"), Shard.Whole);
        Assert.False(File.Exists(Errors("run")));
    }

    [Fact]
    [Trait("outside", "2.4")]
    public void They_are_tried_again_and_nothing_else_is()
    {
        FakeRun.Go(Folder("whole"), Shard.Whole);
        FakeRun.Go(Folder("run"), Shard.Whole, (task, stop) => task.Id switch
        {
            "t04" => throw new StarKvException("screenshot 't04' is damaged."),
            "t07" => Without(s_tight, "does not fit."),
            _ => FakeRun.Answer(task, stop),
        });
        Assert.Equal(2, File.ReadAllLines(Errors("run")).Length);
        Assert.DoesNotContain("error", File.ReadAllText(Answers("run")), StringComparison.Ordinal);
        Assert.Equal(6, Folder("run").Samples()["t07"].Answers.Count);

        var asked = new List<string>();
        FakeRun.Go(Folder("run"), Shard.Whole, (task, stop) =>
        {
            asked.Add(task.Id);
            return FakeRun.Answer(task, stop);
        });
        Assert.Equal(["t04", "t07"], asked);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(Folder("run")));
        Assert.All(Folder("run").Samples().Values, s => Assert.False(s.HasErrors));
    }

    [Fact]
    public void The_same_error_is_written_once_and_another_one_takes_its_place()
    {
        for (var start = 0; start < 3; start++)
            FakeRun.Go(Folder("run"), Shard.Whole, (task, stop) => task.Id == "t07" ? Without(s_tight, "does not fit.") : FakeRun.Answer(task, stop));
        Assert.Single(File.ReadAllLines(Errors("run")));
        FakeRun.Go(Folder("run"), Shard.Whole, (task, stop) => Without(s_tight, "out of memory"));
        Assert.Equal("out of memory", Folder("run").Samples()["t07"].ErrorOf(s_tight));
    }

    [Fact]
    public void Folders_with_errors_among_the_samples_are_read_and_their_errors_are_tried_again()
    {
        FakeRun.Go(Folder("whole"), Shard.Whole);
        FakeRun.Go(Folder("old"), Shard.Whole);
        var lines = File.ReadAllLines(Answers("old"));
        lines[4] = """{"task":"t04","labels":{"kind":"Text"},"error":"screenshot 't04' is damaged.","promptTokens":0,"imageTokens":0,"answers":[]}""";
        File.WriteAllLines(Answers("old"), lines);
        Assert.Equal("screenshot 't04' is damaged.", Folder("old").Samples()["t04"].ErrorOf(s_tight));
        Assert.Equal(1, FinishedRun.Read([_temp.File("old")])[0].Summary.Errors);
        FakeRun.Go(Folder("old"), Shard.Whole);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(Folder("old")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void A_run_with_errors_that_is_stopped_ends_with_the_same_summary(int stopAt)
    {
        FakeRun.Go(Folder("whole"), Shard.Whole, Failing);
        var asked = 0;
        Assert.Throws<OperationCanceledException>(() => FakeRun.Go(Folder("stopped"), Shard.Whole, (task, stop) => asked++ < stopAt ? Failing(task, stop) : throw new OperationCanceledException()));
        FakeRun.Go(Folder("stopped"), Shard.Whole, Failing);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(Folder("stopped")));
        FakeRun.Go(Folder("sharded"), new Shard(2, 2), Failing);
        FakeRun.Go(Folder("sharded"), new Shard(1, 2), Failing);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(Folder("sharded")));
    }

    [Fact]
    public void A_kill_between_a_task_s_errors_and_its_answers_loses_neither()
    {
        FakeRun.Go(Folder("whole"), Shard.Whole, Failing);
        FakeRun.Go(Folder("killed"), Shard.Whole, Failing);
        // The errors stand first: the answers of the last task with both are not on the disk yet.
        var lines = File.ReadAllLines(Answers("killed"));
        File.WriteAllLines(Answers("killed"), lines.Where(l => !l.Contains("\"t09\"", StringComparison.Ordinal)));
        Assert.Contains("11 of 12 tasks are done", Assert.Throws<StarKvException>(() => FinishedRun.Read([_temp.File("killed")])).Message, StringComparison.Ordinal);
        // And a line of errors may be cut off.
        File.AppendAllText(Errors("killed"), "{\"task\":\"t1");
        FakeRun.Go(Folder("killed"), Shard.Whole, Failing);
        Assert.Equal(FakeRun.Summary(Folder("whole")), FakeRun.Summary(Folder("killed")));
    }

    [Fact]
    public void Steps_behind_an_error_that_is_gone_are_run_again()
    {
        EvalTask[] steps = [.. FakeRun.Tasks.Take(4)];
        for (var i = 1; i < steps.Length; i++)
            steps[i] = steps[i] with { Previous = steps[i - 1] };
        var folder = Folder("run");
        folder.Begin(FakeRun.Manifest());
        var asked = new List<string>();
        Go(broken: "t01");
        Go(broken: "t01");
        Assert.Equal(["t00", "t01", "t02", "t03", "t01"], asked);
        asked.Clear();
        Go(broken: null);
        Assert.Equal(["t01", "t02", "t03"], asked);
        Go(broken: null);
        Assert.Equal(3, asked.Count);
        Assert.All(folder.Samples().Values, s => Assert.All(s.Answers, a => Assert.Null(a.EarlierFailed)));

        void Go(string? broken)
        {
            using var log = folder.Open(Shard.Whole);
            new Evaluator((task, stop) =>
            {
                asked.Add(task.Id);
                var failed = broken is not null && task.Earlier.Any(e => e.Id == broken) ? 1 : (int?)null;
                return task.Id == broken ? throw new StarKvException("no picture.") : FakeRun.Answer(task, stop) is var a ? a with { Answers = [.. a.Answers.Select(x => x with { EarlierFailed = failed })] } : null!;
            }).Run(steps, log);
        }
    }

    [Fact]
    public void A_follower_counts_tasks_with_errors_until_they_are_mended()
    {
        var follower = new RunFollower(Folder("run"));
        FakeRun.Go(Folder("run"), Shard.Whole, Failing);
        follower.Look();
        Assert.Equal((12, 3), (follower.Tally.Done, follower.Tally.Errors));
        FakeRun.Go(Folder("run"), Shard.Whole);
        follower.Look();
        Assert.Equal((12, 0), (follower.Tally.Done, follower.Tally.Errors));
        var later = new RunFollower(Folder("run"));
        later.Look();
        Assert.Equal((12, 0), (later.Tally.Done, later.Tally.Errors));
        Assert.Equal(("full", 12), later.Tally.Methods.Select(m => (m.Key, m.Value.Answers)).First());
    }

    private static SampleRecord Failing(EvalTask task, CancellationToken stop) => task.Id switch
    {
        "t02" => throw new StarKvException("screenshot 't02' is damaged."),
        "t05" or "t09" => FakeRun.Failing(task, s_tight, "does not fit."),
        _ => FakeRun.Answer(task, stop),
    };

    private static SampleRecord Without(RunCache cache, string error) => FakeRun.Failing(FakeRun.Tasks[7], cache, error);
}
