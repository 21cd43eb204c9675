using StarKV.Budget;
using StarKV.Compact;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Runs;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>One cache that did not fit a task was an error of every cache of that task: the full cache's 97.5 % became 60.0 %.</summary>
public sealed class CacheThatDoesNotFit : IDisposable
{
    private const string Protecting = "star-kv:protect=instruction";
    private static readonly IReadOnlyList<EvalTask> s_tasks = [.. new MiniGuiBenchmark().Tasks.Where(t => t.Labels["size"] == "336x336" && t.Labels["frames"] == "1").Take(6)];
    private readonly TempFolder _temp = new();
    private readonly GuiAgent _agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");

    public void Dispose()
    {
        _agent.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Adding_a_method_leaves_every_other_cell_s_verdicts_equal()
    {
        var without = Run("without", ["full", "star-kv", "snapkv"]);
        var with = Run("with", ["full", Protecting, "star-kv", "snapkv", $"vl-cache{Protecting[7..]}"]);
        foreach (var cache in Plan(["full", "star-kv", "snapkv"]).Caches)
            Assert.All(s_tasks, t => Assert.Equal(without[t.Id].AnswerOf(cache)! with { SelectionMilliseconds = 0 }, with[t.Id].AnswerOf(cache)! with { SelectionMilliseconds = 0 }));

        var (before, after) = (RunSummary.Of(Plan(["full", "star-kv", "snapkv"]), without), RunSummary.Of(Plan(["full", Protecting, "star-kv", "snapkv"]), with));
        Assert.Equal((0, 6), (before.Errors, before.Cells[0].N));
        var tight = after.Cells.Single(c => c is { Method: Protecting, Keep: "5%" });
        Assert.InRange(tight.Errors, 1, 6);
        Assert.Equal(6, tight.N + tight.Errors);
        Assert.Equal(tight.Errors, after.Errors);
        Assert.All(after.Cells.Where(c => c != tight), c => Assert.Equal((6, 0), (c.N, c.Errors)));
        var reason = Assert.Single(after.Reasons);
        Assert.Contains("do not fit into", reason.Reason, StringComparison.Ordinal);
        Assert.Equal([new ErrorCount(Protecting, "5%", tight.Errors)], reason.Cells);
    }

    [Fact]
    public void A_history_s_earlier_step_that_does_not_fit_is_an_error_of_that_cache_alone()
    {
        var task = new MiniGuiBenchmark().Tasks.First(t => t.Labels["size"] == "336x336" && t.Labels["frames"] == "3");
        var plan = Plan(["full", Protecting]) with { Memory = MemorySpan.Session, MaxNewTokens = 2 };
        using var answers = new TaskAnswers(_agent, plan, Compressions(plan));
        var record = answers.Of(task, CancellationToken.None);
        Assert.Equal(["full 100%", $"{Protecting} 20%"], record.Answers.Select(a => $"{a.Cache}"));
        Assert.Equal([new RunCache(Protecting, "5%")], record.Failed.Select(f => f.Cache));
        Assert.Null(record.Error);
    }

    [Fact]
    public void What_is_tried_again_is_the_cell_that_failed_alone()
    {
        var plan = Plan(["full", Protecting]);
        var task = s_tasks[0];
        using var first = new TaskAnswers(_agent, plan, Compressions(plan));
        var record = first.Of(task, CancellationToken.None);
        var known = record with { Answers = [.. record.Answers.Where(a => a.Method == "full")], Failed = [new CacheError(new RunCache(Protecting, "20%"), "out of memory")] };
        using var second = new TaskAnswers(_agent, plan, Compressions(plan), [known]);
        Assert.Equal([$"{Protecting} 20%"], second.Of(task, CancellationToken.None).Answers.Select(a => $"{a.Cache}").Where(c => c.EndsWith("20%", StringComparison.Ordinal)));
        // When the task itself cannot be run any more, only the cells that are open have an error.
        using var third = new TaskAnswers(_agent, plan, Compressions(plan), [known]);
        var lost = third.Of(task with { Open = () => throw new StarKvException("the picture is gone.") }, CancellationToken.None);
        Assert.Null(lost.Error);
        Assert.All(lost.Failed, f => Assert.Equal((Protecting, "the picture is gone."), (f.Cache.Method, f.Error)));
        Assert.NotNull(known.With(lost).AnswerOf(new RunCache("full", "100%")));
    }

    private static RunPlan Plan(IReadOnlyList<string> methods) => FakeRun.Plan with { Benchmark = "minigui-bench-v1", Tasks = s_tasks.Count, Methods = methods };

    private IReadOnlyDictionary<string, SampleRecord> Run(string name, IReadOnlyList<string> methods)
    {
        var (folder, plan) = (new RunFolder(_temp.File(name)), Plan(methods));
        folder.Begin(FakeRun.Manifest(plan));
        using (var log = folder.Open(Shard.Whole))
        {
            using var answers = new TaskAnswers(_agent, plan, Compressions(plan));
            new Evaluator(answers.Of).Run(s_tasks, log);
        }

        return folder.Samples();
    }

    private static List<Compression> Compressions(RunPlan plan) => [.. plan.Caches.Select(cache =>
    {
        var method = Methods.Create(cache.Method.Split(':')[0]);
        return new Compression(cache.Method.Contains(':', StringComparison.Ordinal) ? new Protected(method, new ProtectedTokens { Instruction = true }) : method, KvBudget.Parse(cache.Keep)) { Name = cache.Method };
    })];
}
