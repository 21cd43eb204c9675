using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Tests.Benchmarks;

public sealed class MiniGuiBenchTests
{
    private static readonly IReadOnlyList<MiniGuiTask> s_tasks = MiniGuiManifest.Load();

    [Fact]
    public void The_manifest_is_balanced_and_every_task_has_a_sample_of_its_own()
    {
        Assert.Equal(MiniGuiPlan.Bench.Count, s_tasks.Count);
        Assert.Equal(1500, s_tasks.Count);
        Assert.Equal(1500, s_tasks.DistinctBy(t => t.Id).Count());
        Assert.Equal(1500, s_tasks.DistinctBy(t => (t.Split, t.Form, t.Seed)).Count());
        Assert.DoesNotContain(s_tasks, t => t.Split is Split.Train);
        Assert.Equal(1300, s_tasks.Count(t => t.Split is Split.Test));
        var kinds = s_tasks.CountBy(t => t.Kind).ToDictionary();
        Assert.Equal(Enum.GetValues<TaskKind>().Except([TaskKind.Finish, TaskKind.List]).Order(), kinds.Keys.Order());
        Assert.All(kinds.Values, n => Assert.InRange(n, 110, 300));
        Assert.Equal((1120, 784), s_tasks.Select(t => (t.Size.Width, t.Size.Height)).Max());
    }

    [Fact]
    public void Any_200_tasks_at_its_start_have_all_kinds_forms_and_sizes()
    {
        var some = s_tasks.Take(200).ToList();
        Assert.Equal(s_tasks.Select(t => (t.Kind, t.Form, t.Split)).Distinct().Count(), some.Select(t => (t.Kind, t.Form, t.Split)).Distinct().Count());
        Assert.Equal(s_tasks.Select(t => t.Size).Distinct().Count(), some.Select(t => t.Size).Distinct().Count());
    }

    [Fact]
    public void Tasks_found_again_are_those_of_the_manifest_byte_for_byte()
    {
        using var painter = new ScreenPainter();
        // Every 43rd of 1,500 meets every stratum.
        foreach (var place in Enumerable.Range(0, 35).Select(i => 43 * i))
            Assert.Equal(MiniGuiManifest.Line(s_tasks[place]), MiniGuiManifest.Line(MiniGuiPlan.Bench.Find(place, painter)));
    }

    [Fact]
    public void Other_tasks_come_in_equal_numbers_and_are_none_of_the_benchmark_s()
    {
        using var temp = new TempFolder();
        var plan = MiniGuiPlan.OfEachKind(2);
        var tasks = MiniGuiManifest.Make(plan);
        Assert.Equal((20, 20), (plan.Count, tasks.Count));
        Assert.All(tasks.CountBy(t => (t.Form, t.Kind)), c => Assert.Equal(2, c.Value));
        Assert.Empty(tasks.SelectMany(t => t.Sha256).Intersect(s_tasks.SelectMany(t => t.Sha256)));

        File.WriteAllBytes(temp.File("card.json"), MiniGuiManifest.Bytes(tasks));
        var benchmark = MiniGuiBenchmark.Of(temp.File("card.json"));
        Assert.Matches("^card@[0-9a-f]{8}$", benchmark.Name);
        Assert.Equal(tasks.Select(t => t.Id), benchmark.Tasks.Select(t => t.Id));
        File.WriteAllText(temp.File("none.json"), "[]");
        Assert.Contains("is not a list of tasks", Assert.Throws<StarKvException>(() => MiniGuiBenchmark.Of(temp.File("none.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_s_file_is_what_its_tasks_give() =>
        Assert.Equal(File.ReadAllBytes(RepositoryFiles.Path("src", "StarKV.Evaluation", "Benchmarks", "MiniGui", "minigui-bench-v1.json")), MiniGuiManifest.Bytes(s_tasks));

    [Fact]
    public void A_task_opens_with_its_frames_and_actions()
    {
        var task = new MiniGuiBenchmark([s_tasks.First(t => t.Sha256.Count == 3)]).Tasks[0];
        var input = task.Open();
        Assert.Equal((3, 2), (input.Screens.Count, input.PastActions.Count));
        Assert.All(input.Screens, s => Assert.Equal(task.Labels["size"], $"{s.Width}x{s.Height}"));
    }

    [Fact]
    public void With_thoughts_only_the_earlier_answers_differ_and_the_action_is_judged()
    {
        Assert.Equal(("minigui-bench-v1", "minigui-bench-v1+thoughts"), (new MiniGuiBenchmark().Name, MiniGuiBenchmark.Of(null, thoughts: true).Name));
        foreach (var line in s_tasks.Where(t => t.Size is { Width: 336 }).DistinctBy(t => (t.Form, t.Kind)))
        {
            var (plain, thinking) = (new MiniGuiBenchmark([line]).Tasks[0], new MiniGuiBenchmark([line], thoughts: true).Tasks[0]);
            var (without, with) = (plain.Open(), thinking.Open());
            Assert.Equal(plain.Instruction, thinking.Instruction);
            Assert.Equal(without.Screens.Select(s => s.ContentHash), with.Screens.Select(s => s.ContentHash));
            Assert.All(with.PastActions, a => Assert.StartsWith("Thought: ", a, StringComparison.Ordinal));
            Assert.Equal(without.PastActions, with.PastActions.Select(a => a.Split('\n')[1]));
            Assert.Equal(Verdict.Right, thinking.Judge(Of($"Thought: I click (1,1).\n{line.Expected}")).Verdict);
            Assert.NotEqual(Verdict.Right, thinking.Judge(Of($"Thought: {line.Expected[8..]}\nAction: finished()")).Verdict);
            if (thinking.Steps is { } steps)
                Assert.Equal([.. with.PastActions, $"Thought: …\n{line.Expected}"], steps().Select((s, i) => i < with.PastActions.Count ? s.Expected : $"Thought: …\n{s.Expected.Split('\n')[1]}"));

            GroundingAnswer Of(string text) => Answers.Of(text, line.Size.Width, line.Size.Height);
        }
    }

    [Fact]
    public void Another_picture_than_the_manifest_s_is_named()
    {
        var task = s_tasks.First(t => t.Sha256.Count == 2);
        var wrong = task with { Sha256 = [task.Sha256[0], new string('0', 64)] };
        var error = Assert.Throws<StarKvException>(() => new MiniGuiBenchmark([wrong]).Tasks[0].Open());
        Assert.Contains($"frame 1 of task {task.Id} is drawn with checksum {task.Sha256[1]}; the manifest says 000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_task_than_the_manifest_s_is_named()
    {
        var wrong = s_tasks[0] with { Instruction = "Click nothing" };
        Assert.Contains(wrong.Id, Assert.Throws<StarKvException>(() => new MiniGuiBenchmark([wrong]).Tasks[0].Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_limits_and_seeds_choose_tasks()
    {
        var benchmark = new MiniGuiBenchmark();
        var all = FakeRun.Plan;
        Assert.Equal(benchmark.Tasks, TaskSelection.Of(benchmark, all));
        Assert.Equal(benchmark.Tasks.Take(7), TaskSelection.Of(benchmark, all with { Limit = 7 }));
        var drawn = TaskSelection.Of(benchmark, all with { Limit = 7, Seed = 3 });
        Assert.Equal(drawn, TaskSelection.Of(benchmark, all with { Limit = 7, Seed = 3 }));
        Assert.NotEqual(drawn, TaskSelection.Of(benchmark, all with { Limit = 7, Seed = 4 }));
        Assert.All(TaskSelection.Of(benchmark, all with { Filter = ["kind=icon", "kind=text", "form=last"] }), t => Assert.True(t.Labels["kind"] is "icon" or "text" && t.Labels["form"] == "last"));
        Assert.Equal(80, TaskSelection.Of(benchmark, all with { Filter = ["kind=Icon", "kind=Text", "form=Last"] }).Count);
        Assert.Contains("no label 'sort'", Assert.Throws<StarKvException>(() => TaskSelection.Of(benchmark, all with { Filter = ["sort=Icon"] })).Message, StringComparison.Ordinal);
        Assert.Contains("kind=icons", Assert.Throws<StarKvException>(() => TaskSelection.Of(benchmark, all with { Filter = ["kind=icons"] })).Message, StringComparison.Ordinal);
    }
}
