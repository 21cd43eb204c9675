using System.Text;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Runs;

public sealed class RunComparisonTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Equal_runs_are_the_same_whatever_their_shards_and_times()
    {
        var (first, second) = (Folder("a"), Folder("b"));
        FakeRun.Go(first, Shard.Whole);
        FakeRun.Go(second, new Shard(2, 2), (task, stop) => FakeRun.Answer(task, stop) with { Milliseconds = new SampleTimes(1, 2, 3, 4, 5, 15) });
        Assert.Equal((false, 6, 6, 6), RunComparison.Of(first, second) is var half ? (half.IsSame, half.Compared, half.Same, half.Missing) : default);
        FakeRun.Go(second, new Shard(1, 2));
        Assert.Equal((true, 12, 12, 0), RunComparison.Of(first, second) is var whole ? (whole.IsSame, whole.Compared, whole.Same, whole.Missing) : default);
    }

    [Fact]
    public void The_first_thing_that_differs_is_named_cache_by_cache()
    {
        var (first, second) = (Folder("a"), Folder("b"));
        FakeRun.Go(first, Shard.Whole);
        FakeRun.Go(second, Shard.Whole, Changed);
        var comparison = RunComparison.Of(first, second);
        Assert.Equal((10, 1), (comparison.Same, comparison.VerdictsChanged));
        Assert.Equal(
            [("t01", "star-kv 5%", "verdict", "Unreadable: ?"), ("t01", "star-kv 20%", "bytes held", "1"), ("t02", "", "error", "no picture")],
            comparison.Tasks.Select(t => (t.Task, t.Cache, t.What.Name, t.What.Second)));
    }

    [Fact]
    public void A_follower_counts_finished_lines_once()
    {
        var folder = Folder("a");
        var follower = new RunFollower(folder);
        follower.Look();
        FakeRun.Go(folder, new Shard(1, 2));
        follower.Look();
        Assert.Equal(6, follower.Tally.Done);
        FakeRun.Go(folder, new Shard(2, 2));
        var path = Path.Combine(folder.Path, new Shard(2, 2).FileName);
        var line = Encoding.UTF8.GetBytes(File.ReadLines(path).First());
        File.AppendAllText(path, Encoding.UTF8.GetString(line[..40]));
        follower.Look();
        Assert.Equal(12, follower.Tally.Done);
        File.AppendAllText(path, Encoding.UTF8.GetString(line[40..]) + "\n");
        follower.Look();
        follower.Look();
        // A line that stands twice is one task.
        Assert.Equal((12, 0), (follower.Tally.Done, follower.Tally.Errors));
        var full = follower.Tally.Methods.First();
        Assert.Equal(("full", 12, 12, 1_200_000), (full.Key, full.Value.Answers, full.Value.Right, full.Value.Bytes));
    }

    private static SampleRecord Changed(EvalTask task, CancellationToken cancellation)
    {
        var sample = FakeRun.Answer(task, cancellation);
        return task.Id switch
        {
            "t01" => sample with { Answers = [.. sample.Answers.Select((a, i) => i == 1 ? a with { Verdict = Verdict.Unreadable, Answer = "?" } : i == 2 ? a with { Bytes = 1 } : a)] },
            "t02" => sample with { Error = "no picture", Answers = [] },
            _ => sample,
        };
    }

    private RunFolder Folder(string name) => new(_temp.File(name));
}
