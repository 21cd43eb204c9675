using System.Security.Cryptography;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;
using StarKV.MiniGui;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Tests.Benchmarks;

/// <summary>Version 2 of MiniGui-Bench: harder tasks beside those of version 1, which stay as they are.</summary>
public sealed class MiniGuiBenchHardTests
{
    private static readonly IReadOnlyList<MiniGuiTask> s_tasks = MiniGuiManifest.Load(MiniGuiManifest.HardName);

    private static byte[] File(string name) => System.IO.File.ReadAllBytes(RepositoryFiles.Path("src", "StarKV.Evaluation", "Benchmarks", "MiniGui", $"{name}.json"));

    [Theory]
    [InlineData(MiniGuiManifest.Name, "56459e58f3685cc3c27e067a882bb692aa85069c3bb2010cf94b5739cd22809a")]
    [InlineData(MiniGuiManifest.SecondName, "b4296b1863c625c1a338030f1af0d758a2acf954ad626eccd1e10693baa74bb0")]
    [InlineData(MiniGuiManifest.HardName, "4814d24ef487f17528de128e8c9567f0adea8e8fbc6000d4321a88c15d4f6e3c")]
    public void A_published_list_never_changes(string name, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(File(name))));

    [Fact]
    public void The_strata_have_their_numbers()
    {
        Assert.Equal((1200, 1200), (MiniGuiPlan.Hard.Count, s_tasks.Count));
        Assert.Equal(1200, s_tasks.DistinctBy(t => t.Id).Count());
        Assert.Equal(1200, s_tasks.DistinctBy(t => (t.Challenge, t.Form, t.Seed)).Count());
        Assert.All(s_tasks, t => Assert.Equal(Split.Test, t.Split));
        var groups = s_tasks.CountBy(t => t.Challenge switch
        {
            null => "large",
            Challenge.LongText => "long text",
            Challenge.Blocks => "blocks",
            _ => "equal words",
        }).ToDictionary();
        Assert.Equal((240, 300, 300, 360), (groups["large"], groups["long text"], groups["blocks"], groups["equal words"]));
        Assert.All(s_tasks.Where(t => t.Challenge is null), t => Assert.Equal("1904x1064", t.Size.ToString()));
        Assert.Equal(370, s_tasks.Count(t => t.Size is { Width: 1904, Height: 1064 }));
        Assert.All(s_tasks.Where(t => t is { Challenge: Challenge.LongText }), t => Assert.InRange(t.Typed!.Split(' ').Length, 3, 6));
        Assert.All(s_tasks.CountBy(t => (t.Challenge, t.Form, t.Kind)).Select(c => c.Value), n => Assert.Contains(n, new[] { 60, 90, 120 }));
    }

    [Fact]
    public void Any_100_tasks_at_its_start_have_all_strata() => Assert.Equal(
        s_tasks.Select(t => (t.Challenge, t.Form, t.Kind)).Distinct().Count(), s_tasks.Take(100).Select(t => (t.Challenge, t.Form, t.Kind)).Distinct().Count());

    [Fact]
    public void Tasks_found_again_are_those_of_the_manifest_byte_for_byte()
    {
        using var painter = new ScreenPainter();
        // Every 41st of 1,200 meets nearly every stratum.
        foreach (var place in Enumerable.Range(0, 29).Select(i => 41 * i))
            Assert.Equal(MiniGuiManifest.Line(s_tasks[place]), MiniGuiManifest.Line(MiniGuiPlan.Hard.Find(place, painter)));
    }

    [Fact]
    public void The_manifest_s_file_is_what_its_tasks_give() => Assert.Equal(File(MiniGuiManifest.HardName), MiniGuiManifest.Bytes(s_tasks));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_stratum_opens_and_its_right_answer_is_right(bool thoughts)
    {
        var benchmark = MiniGuiBenchmark.Of(null, thoughts, MiniGuiManifest.HardName);
        Assert.Equal(thoughts ? "minigui-bench-v2+thoughts" : "minigui-bench-v2", benchmark.Name);
        foreach (var (line, task) in s_tasks.Zip(benchmark.Tasks).DistinctBy(t => (t.First.Challenge, t.First.Form, t.First.Kind)))
        {
            var input = task.Open();
            Assert.Equal(line.Sha256.Count, input.Screens.Count);
            Assert.Equal(Verdict.Right, task.Judge(Answers.Of(line.Expected, line.Size.Width, line.Size.Height)).Verdict);
            Assert.NotEqual(Verdict.Right, task.Judge(Answers.Of("Action: finished()", line.Size.Width, line.Size.Height)).Verdict);
            Assert.Equal(line.Challenge is { } challenge ? LabelNames.Of(challenge) : "plain", task.Labels["challenge"]);
            Assert.StartsWith(task.Labels["challenge"], task.Labels["stratum"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Labels_of_challenges_filter_and_version_1_has_none()
    {
        var plan = FakeRun.Plan;
        Assert.Equal(180, TaskSelection.Of(MiniGuiBenchmark.Of(null, name: MiniGuiManifest.HardName), plan with { Filter = ["challenge=table"] }).Count);
        Assert.DoesNotContain("challenge", new MiniGuiBenchmark().Tasks[0].Labels.Keys);
        Assert.Equal("minigui-bench-v2+thoughts", RunBenchmark.Open(plan with { Benchmark = "minigui-bench-v2+thoughts" }, new RunSources("minigui", "none")).Name);
    }

    [Fact]
    public void A_challenge_that_a_task_cannot_have_is_refused()
    {
        using var temp = new TempFolder();
        var screen = s_tasks.First(t => t.Challenge is Challenge.Table);
        foreach (var wrong in new[] { screen with { Form = TaskForm.Last }, screen with { Split = Split.Words }, screen with { Challenge = (Challenge)99 } })
        {
            System.IO.File.WriteAllBytes(temp.File("wrong.json"), MiniGuiManifest.Bytes([wrong]));
            Assert.Throws<StarKvException>(() => MiniGuiBenchmark.Of(temp.File("wrong.json")));
        }
    }
}
