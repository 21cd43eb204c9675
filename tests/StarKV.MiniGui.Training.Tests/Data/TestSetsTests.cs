using System.Text.Json;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Training.Tests.Data;

/// <summary>Training draws nothing that a list of MiniGui-Bench holds.</summary>
public sealed class TestSetsTests
{
    [Theory]
    [InlineData("minigui-bench-v1")]
    [InlineData("minigui-bench-v1b")]
    [InlineData("minigui-bench-v2")]
    public void Training_with_a_list_s_own_seeds_draws_other_screens_and_its_samples_have_other_seeds(string name)
    {
        var tasks = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Path("src", "StarKV.Evaluation", "Benchmarks", "MiniGui", $"{name}.json"))).RootElement.EnumerateArray().ToList();
        var frames = tasks.SelectMany(t => t.GetProperty("sha256").EnumerateArray()).Select(h => h.GetString()!).ToHashSet();
        var seeds = tasks.Select(t => t.GetProperty("seed").GetUInt64()).ToHashSet();
        using var painter = new ScreenPainter();
        foreach (var task in tasks.Where(t => t.GetProperty("form").GetString() == "Screen").Take(25))
        {
            var size = new ScreenSize(task.GetProperty("size").GetProperty("width").GetInt32(), task.GetProperty("size").GetProperty("height").GetInt32());
            Assert.DoesNotContain(painter.Checksum(SampleGenerator.OneScreen(task.GetProperty("seed").GetUInt64(), Split.Train, size).Frames[0]), frames);
        }

        // What eng/train-models.sh trains on.
        for (var seed = 1UL; seed <= 7; seed++)
            for (var job = 0; job < 20; job++)
                new SampleMix(seed, 0.55).Draw(job, 0, job < 5, sample =>
                {
                    Assert.DoesNotContain(sample.Seed, seeds);
                    Assert.DoesNotContain(painter.Checksum(sample.Frames[0]), frames);
                    return false;
                });
    }
}
