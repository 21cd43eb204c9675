using System.Text.Json;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Report;
using StarKV.MiniGui.Training.Run;

namespace StarKV.MiniGui.Training.Tests.Run;

/// <summary>Runs as the command makes them, a few steps long.</summary>
public sealed class TrainerTests
{
    [Fact]
    public void A_run_goes_on_where_the_last_one_was_saved()
    {
        using var temp = new TempFolder();
        var options = new TrainingOptions
        {
            Out = temp.File("a"),
            Shape = TinyShape.Folder(temp.Path),
            Device = "cpu",
            Minutes = 5,
            Steps = 12,
            Tokens = 1000,
            Warmup = 5,
            DecayShare = 0,
            LogEvery = 4,
            Threads = 1,
        };
        // As in the other tests: torch's threads would wait for one another.
        TrainingThread.Run(() => { });
        var folder = Trainer.Run(options);
        var first = Losses(temp.File("a"));
        Trainer.Run(options with { Out = temp.File("b"), Resume = folder, Steps = 4 });
        var second = Losses(temp.File("b"));

        Assert.Equal([4, 8, 12], first.Select(l => l.Step));
        Assert.Equal([16], second.Select(l => l.Step));
        Assert.True(first[2].Loss < first[0].Loss - 0.3);
        Assert.InRange(second[0].Loss, first[2].Loss - 2.5, first[2].Loss + 0.5);

        TrainingPlot.Draw(Path.Combine(temp.File("a"), "log.jsonl"), temp.File("a.png"));
        TrainingPlot.Draw(Path.Combine(temp.File("a"), "log.jsonl"), temp.File("a.svg"));
        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(temp.File("a.png")), 1, 3));
        Assert.Contains("<svg", File.ReadAllText(temp.File("a.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_devices_train_one_model_through_both_phases()
    {
        using var temp = new TempFolder();
        TrainingThread.Run(() => { });
        var options = new TrainingOptions { Out = temp.File("two"), Shape = TinyShape.Folder(temp.Path), Device = "cpu,cpu", Minutes = 0.3, AlignMinutes = 0.1, Steps = 2, Tokens = 1000, AlignTokens = 1000, LogEvery = 1, Threads = 1, Thoughts = true };
        Assert.True(File.Exists(Path.Combine(Trainer.Run(options), "config.json")));
        Assert.InRange(Losses(options.Out).Count, 3, int.MaxValue);

        var broken = options with { Out = temp.File("broken"), Device = "cpu,cuda:99" };
        Assert.Contains("cuda:99", Assert.Throws<StarKvException>(() => Trainer.Run(broken)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(broken.Out, "latest", "config.json")));
    }

    [Fact]
    public void Harder_samples_are_trained_on()
    {
        using var temp = new TempFolder();
        TrainingThread.Run(() => { });
        var options = new TrainingOptions { Out = temp.File("hard"), Shape = TinyShape.Folder(temp.Path), Device = "cpu", Minutes = 3, Steps = 4, Tokens = 1000, LogEvery = 1, Threads = 1, EasySteps = 0, HardShare = 1, EvaluateBatches = 1 };
        Assert.True(File.Exists(Path.Combine(Trainer.Run(options), "config.json")));
        Assert.All(Losses(options.Out), l => Assert.InRange(l.Loss, 0.1, 20));
    }

    [Fact]
    public void The_end_can_be_moved_and_the_alignment_leaves_a_control()
    {
        using var temp = new TempFolder();
        var run = Directory.CreateDirectory(temp.File("run")).FullName;
        File.WriteAllText(Path.Combine(run, "minutes"), "0.05\n");
        Trainer.Run(new TrainingOptions { Out = run, Shape = TinyShape.Folder(temp.Path), Device = "cpu", Minutes = 1000, AlignMinutes = 0.02, Tokens = 1000, AlignTokens = 1000, LogEvery = 1, Threads = 1 });
        Assert.True(File.Exists(Path.Combine(run, "control", "config.json")));
        Assert.True(File.Exists(Path.Combine(run, "latest", "config.json")));
    }

    [Fact]
    public void Jobs_depend_on_seed_and_number_alone_and_batches_keep_to_their_tokens()
    {
        var plan = new BatchPlan(new SampleMix(5, 0.5), 3000);
        for (var job = 0; job < 6; job++)
        {
            var batches = BatchFeed.Pool(plan, Tiny.Packer, job);
            var again = BatchFeed.Pool(plan, Tiny.Packer, job);
            Assert.Equal(batches.SelectMany(b => b).SelectMany(p => p.Ids), again.SelectMany(b => b).SelectMany(p => p.Ids));
            Assert.All(batches, b => Assert.True(b.Count == 1 || b.Max(p => p.Length) * b.Count <= plan.Tokens));
            var part = BatchFeed.Pool(plan with { Part = 1 }, Tiny.Packer, job);
            Assert.Single(batches.Concat(part).SelectMany(b => b).Select(p => p.Size).Distinct());
            Assert.NotEqual(batches[0][0].Ids, part[0][0].Ids);
        }
    }

    [Fact]
    public void Hard_jobs_come_in_their_share()
    {
        static Sample First(SampleMix mix, long job)
        {
            Sample? first = null;
            mix.Draw(job, 0, easy: false, sample =>
            {
                first = sample;
                return false;
            });
            return first!;
        }

        // Cards, twins and messages, three of twenty, look like others here, and so do some histories.
        static bool IsHard(Sample sample) => sample.Size is { Width: 1904 } || sample.Questions.Any(q => q.Subject.Split(' ').Length > 2
            || q.Instruction.Contains("the middle of", StringComparison.Ordinal) || q.Instruction.Contains("\" of \"", StringComparison.Ordinal)
            || q.Instruction.Contains("value of", StringComparison.Ordinal));

        int Hard(double share) => Enumerable.Range(0, 60).Count(job => IsHard(First(new SampleMix(5, 0.3) { HardShare = share }, job)));
        Assert.Equal(0, Hard(0));
        Assert.InRange(Hard(0.5), 12, 36);
        Assert.InRange(Hard(1), 38, 60);
    }

    private static List<(long Step, double Loss)> Losses(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "log.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(l => l.TryGetProperty("answerLoss", out _)).Select(l => (l.GetProperty("step").GetInt64(), l.GetProperty("answerLoss").GetDouble())),
    ];
}
