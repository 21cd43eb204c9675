using System.Security.Cryptography;
using StarKV.Budget;
using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;
using StarKV.Evaluation.Metrics;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Benchmarks;

public sealed class MiniGuiEpisodesTests
{
    private static readonly IReadOnlyList<EpisodeTask> s_tasks = EpisodeManifest.Load();

    private static string ListPath { get; } =
        RepositoryFiles.Path("src", "StarKV.Evaluation", "Benchmarks", "MiniGuiEpisodes", "minigui-episodes-v1.json");

    [Fact]
    public void It_never_changes() => Assert.Equal(
        "13d2c8f49a6640c80bae910bcb446037222f27e1bcd2f0a007a2436305632a30", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(ListPath))));

    [Fact]
    public void The_list_s_file_is_what_its_episodes_give() =>
        Assert.Equal(File.ReadAllBytes(ListPath), EpisodeManifest.Bytes(s_tasks));

    [Fact]
    public void There_are_sixty_of_ten_steps_and_thirty_of_twenty()
    {
        Assert.Equal(EpisodePlan.Count, s_tasks.Count);
        Assert.Equal([(10, 60), (20, 30)], s_tasks.CountBy(t => t.Steps.Count).Select(c => (c.Key, c.Value)).Order());
        Assert.Equal((90, 90), (s_tasks.DistinctBy(t => t.Id).Count(), s_tasks.DistinctBy(t => t.Seed).Count()));
        Assert.All(s_tasks, t => Assert.Equal((Split.Test, 336, 336), (t.Split, t.Size.Width, t.Size.Height)));
        // A third of any prefix are the long ones.
        Assert.InRange(s_tasks.Take(15).Count(t => t.Steps.Count == 20), 4, 6);
    }

    [Fact]
    public void A_fifth_of_the_steps_need_memory_about_half_of_it_beyond_five_screens()
    {
        var steps = s_tasks.SelectMany(t => t.Steps).ToList();
        var remembered = steps.Where(s => s.StepsAgo > 0).ToList();
        Assert.Equal(steps.Where(s => s.Kind is TaskKind.RecallWord or TaskKind.RecallRow), remembered);
        Assert.InRange(remembered.Count, 200, 320);
        Assert.InRange(remembered.Count(s => s.StepsAgo >= 5), 90, 150);
    }

    [Fact]
    public void Episodes_drawn_again_are_those_of_the_list_byte_for_byte()
    {
        using var painter = new ScreenPainter();
        foreach (var place in Enumerable.Range(0, 15).Select(i => 6 * i))
            Assert.Equal(EpisodeManifest.Line(s_tasks[place]), EpisodeManifest.Line(EpisodePlan.Find(place, painter)));
    }

    [Fact]
    public void All_are_drawn_in_order_and_a_stop_is_obeyed()
    {
        var done = new List<int>();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => EpisodeManifest.Make(n =>
        {
            done.Add(n);
            if (n == 3)
                stop.Cancel();
        }, stop.Token));
        Assert.Equal([1, 2, 3], done);
    }

    [Fact]
    public void An_episode_opens_with_its_screens_and_judges_each_step()
    {
        var opened = OpenedEpisode.Of(s_tasks[0]);
        Assert.Equal((s_tasks[0].Id, s_tasks[0].Steps.Count), (opened.Id, opened.Screens.Count));
        Assert.All(opened.Screens, s => Assert.Equal((336, 336), (s.Width, s.Height)));
        Assert.Equal(s_tasks[0].Steps.Select(s => (s.Text, s.StepsAgo)), opened.Episode.Steps.Select(s => (s.Text, s.StepsAgo)));
        foreach (var (place, step) in opened.Episode.Steps.Index())
        {
            Assert.Equal(Verdict.Right, opened.Judge(place, Answers.Of(step.Answer)));
            Assert.Equal(Verdict.Wrong, opened.Judge(place, Answers.Of(step.Question.Target is null ? "Action: type(content='x')" : "Action: click(start_box='(335,335)')")));
            Assert.Equal(Verdict.Unreadable, opened.Judge(place, Answers.Of("nothing")));
        }
    }

    [Fact]
    public void The_shipped_model_answers_the_first_steps_when_it_reads_the_newest_text_alone()
    {
        using var agent = GuiAgent.Load(RepositoryFiles.Path("models", "mini"), "cpu");
        var opened = OpenedEpisode.Of(s_tasks[0]);
        for (var step = 0; step < 4; step++)
        {
            var options = new GroundingOptions
            {
                Method = new Full(),
                Budget = KvBudget.All,
                Position = InstructionPosition.Last,
                PastActions = [.. opened.Episode.Steps.Take(step).Select(s => s.Answer)],
            };
            var answer = agent.Ground([.. opened.Screens.Take(step + 1)], opened.Episode.Steps[step].Text, options);
            Assert.Equal((step, Verdict.Right), (step, opened.Judge(step, answer)));
        }
    }

    [Fact]
    public void Another_episode_than_the_list_s_is_named()
    {
        var task = s_tasks[1];
        Assert.Contains(
            $"step 2 of episode {task.Id} is drawn with checksum {task.Steps[2].Sha256}; the manifest says 000",
            Refusal(task with { Steps = Changed(s => s with { Sha256 = new string('0', 64) }) }), StringComparison.Ordinal);
        Assert.Contains(
            $"step 2 of episode {task.Id} is drawn as \"{task.Steps[2].Text}\"",
            Refusal(task with { Steps = Changed(s => s with { Text = "Click nothing" }) }), StringComparison.Ordinal);
        Assert.Contains(
            "the manifest says \"Wait\"", Refusal(task with { Instruction = "Wait" }), StringComparison.Ordinal);

        List<EpisodeTaskStep> Changed(Func<EpisodeTaskStep, EpisodeTaskStep> change) =>
            [.. task.Steps.Select((s, i) => i == 2 ? change(s) : s)];

        static string Refusal(EpisodeTask task) => Assert.Throws<StarKvException>(() => OpenedEpisode.Of(task)).Message;
    }
}
