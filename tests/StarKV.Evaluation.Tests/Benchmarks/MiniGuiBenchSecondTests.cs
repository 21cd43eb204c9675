using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;
using StarKV.MiniGui.Draw;

namespace StarKV.Evaluation.Tests.Benchmarks;

/// <summary>Version 1b of MiniGui-Bench: the sorts of version 1, and none of its tasks.</summary>
public sealed class MiniGuiBenchSecondTests
{
    private static readonly IReadOnlyList<MiniGuiTask> s_tasks = MiniGuiManifest.Load(MiniGuiManifest.SecondName), s_first = MiniGuiManifest.Load();

    [Fact]
    public void Its_sorts_and_sizes_are_those_of_version_1_in_the_same_order() =>
        Assert.Equal(s_first.Select(t => (t.Id, t.Split, t.Form, t.Kind, t.Size)), s_tasks.Select(t => (t.Id, t.Split, t.Form, t.Kind, t.Size)));

    [Fact]
    public void No_seed_and_no_frame_is_in_another_list()
    {
        MiniGuiTask[] others = [.. s_first, .. MiniGuiManifest.Load(MiniGuiManifest.HardName), .. MiniGuiManifest.Make(MiniGuiPlan.OfEachKind(3))];
        Assert.Empty(s_tasks.Select(t => t.Seed).Intersect(others.Select(t => t.Seed)));
        Assert.Empty(s_tasks.SelectMany(t => t.Sha256).Intersect(others.SelectMany(t => t.Sha256)));
        // A frame may come twice in one history: nothing happened between.
        Assert.Equal(s_tasks.Sum(t => t.Sha256.Distinct().Count()), s_tasks.SelectMany(t => t.Sha256).Distinct().Count());
        // The committed seed and what it reaches.
        Assert.All(s_tasks, t => Assert.InRange(t.Seed, 20_261_130_000UL, 20_451_130_000UL - 1));
    }

    [Fact]
    public void Tasks_found_again_are_those_of_the_list_byte_for_byte()
    {
        using var painter = new ScreenPainter();
        // Every 43rd of 1,500 meets every stratum.
        foreach (var place in Enumerable.Range(0, 35).Select(i => 43 * i))
            Assert.Equal(MiniGuiManifest.Line(s_tasks[place]), MiniGuiManifest.Line(MiniGuiPlan.Second.Find(place, painter)));
    }

    [Fact]
    public void Its_tasks_open_under_its_name_also_in_a_run_that_is_repeated()
    {
        var benchmark = MiniGuiBenchmark.Of(null, name: MiniGuiManifest.SecondName);
        Assert.Equal(("minigui-bench-v1b", 1500), (benchmark.Name, benchmark.Tasks.Count));
        Assert.Equal(s_tasks[7].Sha256.Count, benchmark.Tasks[7].Open().Screens.Count);
        Assert.Equal(Verdict.Right, benchmark.Tasks[0].Judge(Answers.Of(s_tasks[0].Expected, s_tasks[0].Size.Width, s_tasks[0].Size.Height)).Verdict);
        foreach (var name in new[] { "minigui-bench-v1b", "minigui-bench-v1b+thoughts", "minigui-bench-v1", "minigui-bench-v2+thoughts" })
            Assert.Equal(name, RunBenchmark.Open(FakeRun.Plan with { Benchmark = name }, new RunSources("minigui", "none")).Name);
    }
}
