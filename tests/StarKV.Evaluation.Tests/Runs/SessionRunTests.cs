using StarKV.Budget;
using StarKV.Compact;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;
using StarKV.Score;

namespace StarKV.Evaluation.Tests.Runs;

/// <summary>The shipped model on a few histories, step by step.</summary>
public sealed class SessionRunTests : IDisposable
{
    private static readonly IReadOnlyList<MiniGuiTask> s_tasks =
        [.. MiniGuiManifest.Load().Where(t => t is { Form: TaskForm.First, Sha256.Count: 3, Size: { Width: 336, Height: 336 } }).DistinctBy(t => t.Kind).Take(2)];

    private readonly TempFolder _temp = new();
    private readonly GuiAgent _agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");

    public void Dispose()
    {
        _agent.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Sessions_answer_every_step_with_their_own_history()
    {
        var plan = Plan("reread", "lossless", "store", "evict");
        var folder = new RunFolder(_temp.Path);
        folder.Begin(FakeRun.Manifest(plan));
        var benchmark = new MiniGuiBenchmark(s_tasks);
        using (var log = folder.Open(Shard.Whole))
        using (var runner = new SessionAnswers(_agent, plan, Grid("full", "snapkv", "star-kv")))
            new Evaluator(runner.Of).Run(TaskSelection.Of(benchmark, plan), log);
        var samples = folder.Samples();
        Assert.Equal(2, samples.Count);
        Assert.All(samples.Values, sample =>
        {
            Assert.False(sample.HasErrors);
            Assert.Equal(plan.Caches, sample.Answers.Select(a => a.Cache));
            Assert.All(sample.Answers, a => Assert.Equal(3, a.Steps!.Count));
            foreach (var method in new[] { "full", "snapkv", "star-kv" })
            {
                var (again, lossless, store, evict) = (Of("reread"), Of("lossless"), Of("store"), Of("evict"));
                // What a lossless session keeps and answers is what reading again does, step by step.
                Assert.Equal(again.Steps!.Select(s => (s.Answer, s.Verdict, s.Tokens, s.KeptTokens, s.Bytes)), lossless.Steps!.Select(s => (s.Answer, s.Verdict, s.Tokens, s.KeptTokens, s.Bytes)));
                Assert.All(again.Steps!, s => Assert.Equal((s.Tokens, 0, 0), (s.TokensRead, s.DeviceBytes, s.HostBytes)));
                foreach (var session in new[] { lossless, store, evict })
                {
                    Assert.Equal(session.Steps![0].Tokens, session.Steps[0].TokensRead);
                    Assert.All(session.Steps.Skip(1), s => Assert.InRange(s.TokensRead, 100, s.Tokens * 3 / 4));
                }

                if (method == "full")
                    continue;
                Assert.All(lossless.Steps!, s => Assert.True(s is { DeviceBytes: 0, HostBytes: > 0 }));
                Assert.All(store.Steps!, s => Assert.True(s is { DeviceBytes: > 0, HostBytes: > 0 }));
                Assert.All(evict.Steps!, s => Assert.True(s is { DeviceBytes: > 0, HostBytes: 0 }));
                // The cap: at the first step as many rows as at the last or all that there are, and as many at the last as reading again has.
                Assert.Equal(Math.Min(evict.Steps![0].Tokens, evict.Steps[^1].KeptTokens), evict.Steps[0].KeptTokens, 3.0);
                Assert.Equal(again.KeptTokens, evict.KeptTokens, 3.0);

                AnswerRecord Of(string mode) => sample.Answers.First(a => a.Method == $"{method}@{mode}");
            }
        });
        // The last verdict is that of a task that is one question: right with nothing dropped.
        Assert.All(samples.Values, s => Assert.True(s.Answers[0].IsRightThroughout));
    }

    [Fact]
    public void Caches_that_drop_nothing_are_run_once_and_fall_apart_at_a_window()
    {
        var plan = Plan("lossless", "evict", "evict:window=2", "evict:window=2:slide=exact") with { Methods = ["full"], Tasks = 1 };
        using var runner = new SessionAnswers(_agent, plan, Grid("full"));
        var sample = runner.Of(new MiniGuiBenchmark(s_tasks).Tasks[0], TestContext.Current.CancellationToken);
        Assert.Equal(["full@lossless", "full@evict", "full@evict:window=2:slide=drop", "full@evict:window=2:slide=exact"], sample.Answers.Select(a => a.Method));
        Assert.Same(sample.Answers[0].Steps, sample.Answers[1].Steps);
        Assert.All(sample.Answers.Skip(2), a => Assert.Equal(1, a.Steps![2].FramesDropped));
        Assert.True(sample.Answers[2].Steps![2].TokensRead < sample.Answers[3].Steps![2].TokensRead);
    }

    [Fact]
    public void A_budget_that_does_not_hold_the_instruction_is_an_error_of_its_cache_at_its_step()
    {
        var plan = Plan("lossless", "lossless:protect=none") with { Methods = ["snapkv"], Keep = ["5%"], Tasks = 1 };
        using var runner = new SessionAnswers(_agent, plan, [new Compression(Methods.Create("snapkv"), KvBudget.Keep(0.05)) { Name = "snapkv" }]);
        var sample = runner.Of(new MiniGuiBenchmark(s_tasks).Tasks[0], TestContext.Current.CancellationToken);
        Assert.StartsWith("step 1 of 3: ", Assert.Single(sample.Failed).Error, StringComparison.Ordinal);
        Assert.Equal("snapkv@lossless:protect=none", Assert.Single(sample.Answers).Method);
    }

    [Fact]
    public void Only_what_is_open_is_asked_again()
    {
        var plan = Plan("reread", "lossless") with { Methods = ["full"], Tasks = 1 };
        var task = new MiniGuiBenchmark(s_tasks).Tasks[0];
        var known = FakeSessions.Answer(FakeRun.Tasks[0]) with { Task = task.Id };
        using var runner = new SessionAnswers(_agent, plan, Grid("full"), [known with { Answers = [.. known.Answers.Where(a => a.Method == "full@reread")] }]);
        Assert.Equal("full@lossless", Assert.Single(runner.Of(task, TestContext.Current.CancellationToken).Answers).Method);
    }

    [Fact]
    public void Steps_of_a_history_are_judged_by_their_own_questions()
    {
        foreach (var task in MiniGuiManifest.Load().Where(t => t.Form is TaskForm.First).DistinctBy(t => (t.Kind, t.Sha256.Count)))
        {
            var of = new MiniGuiBenchmark([task]).Tasks[0];
            var steps = of.Steps!();
            var input = of.Open();
            Assert.Equal(input.Screens.Select(s => s.ContentHash), steps.Select(s => s.Screen.ContentHash));
            Assert.Equal([.. input.PastActions, task.Expected], steps.Select(s => s.Expected));
            Assert.All(steps, step =>
            {
                Assert.Equal(Verdict.Right, step.Judge!(Answers.Of(step.Expected, step.Screen.Width, step.Screen.Height)).Verdict);
                Assert.NotEqual(Verdict.Right, step.Judge(Answers.Of("Action: finished()", step.Screen.Width, step.Screen.Height)).Verdict);
            });
        }
    }

    [Fact]
    public void Episodes_are_given_step_by_step_with_their_words()
    {
        var line = EpisodeManifest.Load().First(e => e.Steps.Count == 10);
        var task = Assert.Single(new EpisodeBenchmark([line]).Tasks);
        var steps = task.Steps!();
        Assert.Equal(line.Steps.Select(s => (s.Text, s.Expected)), steps.Select(s => (s.Text!, s.Expected)));
        Assert.Equal(line.Steps.Select(s => s.StepsAgo >= 5), steps.Select(s => s.Kind!.EndsWith(" beyond the window", StringComparison.Ordinal)));
        Assert.All(steps, step =>
        {
            Assert.Equal(Verdict.Right, step.Judge!(Answers.Of(step.Expected, step.Screen.Width, step.Screen.Height)).Verdict);
            Assert.NotEqual(Verdict.Right, step.Judge(Answers.Of("Action: finished()", step.Screen.Width, step.Screen.Height)).Verdict);
        });
        // The words reach the model: two sessions that differ in them alone read other tokens.
        var plan = Plan("reread", "evict") with { Methods = ["full"], Tasks = 1, MaxNewTokens = 16 };
        using var runner = new SessionAnswers(_agent, plan, Grid("full"));
        var two = task with { Steps = () => [.. steps.Take(2)] };
        var sample = runner.Of(two, TestContext.Current.CancellationToken);
        using var other = new SessionAnswers(_agent, plan, Grid("full"));
        var wordless = other.Of(task with { Steps = () => [.. steps.Take(2).Select(s => s with { Text = null })] }, TestContext.Current.CancellationToken);
        Assert.NotEqual(sample.PromptSha256, wordless.PromptSha256);
        Assert.Equal(sample.Answers[0].Steps!.Select(s => s.Answer), sample.Answers[1].Steps!.Select(s => s.Answer));
        Assert.All(sample.Answers[0].Steps!.Zip(wordless.Answers[0].Steps!), s => Assert.True(s.First.Tokens > s.Second.Tokens));
    }

    [Fact]
    public void Runs_step_by_step_take_histories_with_the_instruction_first_alone()
    {
        var benchmark = new MiniGuiBenchmark();
        Assert.Equal(440, TaskSelection.Of(benchmark, Plan("reread")).Count);
        Assert.All(TaskSelection.Of(benchmark, Plan("reread") with { Limit = 8 }), t => Assert.Equal("first", t.Labels["form"]));
        Assert.Contains("that can be given step by step has all of form=last", Refusal(benchmark, Plan("reread") with { Filter = ["form=last"] }), StringComparison.Ordinal);
        Assert.Contains("leave --sessions out", Refusal(new Tasks(FakeRun.Tasks), Plan("reread")), StringComparison.Ordinal);

        static string Refusal(IBenchmark benchmark, RunPlan plan) => Assert.Throws<StarKvException>(() => TaskSelection.Of(benchmark, plan)).Message;
    }

    private static RunPlan Plan(params string[] sessions) => FakeRun.Plan with
    {
        Tasks = 2,
        Methods = ["full", "snapkv", "star-kv"],
        Keep = ["20%"],
        Memory = MemorySpan.Session,
        Sessions = [.. sessions.Select(s => $"{SessionMode.Parse(s)}")],
    };

    private static List<Compression> Grid(params string[] methods) => [.. methods.Select(m => new Compression(Methods.Create(m), KvBudget.Keep(0.2)) { Name = m })];

    private sealed record Tasks(IReadOnlyList<EvalTask> All) : IBenchmark
    {
        public string Name => "fake-v1";

        IReadOnlyList<EvalTask> IBenchmark.Tasks => All;
    }
}
