using System.Text.Json;
using StarKV.MiniGui.Training.Run;

namespace StarKV.MiniGui.Training.Tests.Run;

/// <summary>A training that was stopped and goes on ends with the bits of one that was not.</summary>
public sealed class GoingOnTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly TrainingOptions _options;

    public GoingOnTests()
    {
        // As in the other tests: torch's threads would wait for one another.
        TrainingThread.Run(() => { });
        // Far from its end the rate does not follow the clock.
        _options = new TrainingOptions
        {
            Out = _temp.File("whole"),
            Shape = TinyShape.Folder(_temp.Path),
            Device = "cpu",
            KeepState = true,
            Minutes = 1e4,
            AlignMinutes = 9e3,
            Steps = 5,
            Tokens = 1000,
            AlignTokens = 1000,
            Warmup = 3,
            DecayShare = 0.1,
            LogEvery = 1,
            EvaluateBatches = 1,
            Threads = 2,
            EasySteps = 6,
        };
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Two_stops_change_no_bit_of_weights_optimiser_and_samples()
    {
        Stop(_options, "align", 8);

        var broken = _options with { Out = _temp.File("broken") };
        Stop(broken, "train", 2);
        Assert.False(Directory.Exists(_temp.File("broken/control")));
        broken = broken with { Resume = _temp.File("broken/latest") };
        Stop(broken, "align", 6);
        Stop(broken, "align", 8);

        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), Steps("broken"));
        foreach (var file in new[] { "latest/state.safetensors", "latest/model.safetensors", "latest/training.safetensors", "latest/training.json", "control/model.safetensors" })
            Assert.True(File.ReadAllBytes(_temp.File($"whole/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(_temp.File($"broken/{file}"))), file);
        Assert.Equal(Feeds("whole"), Feeds("broken"));
    }

    [Fact]
    public void Two_devices_go_on_as_one_training()
    {
        var options = _options with { Device = "cpu,cpu", AlignMinutes = 0, Threads = 1 };
        Trainer.Run(options with { Steps = 3 });
        var broken = options with { Out = _temp.File("broken") };
        Trainer.Run(broken with { Steps = 1 });
        Trainer.Run(broken with { Steps = 3, Resume = _temp.File("broken/latest") });
        Assert.True(File.ReadAllBytes(_temp.File("whole/latest/state.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(_temp.File("broken/latest/state.safetensors"))));
        Assert.Equal(Feeds("whole"), Feeds("broken"));
    }

    [Fact]
    public void Another_trainings_options_are_refused_in_one_sentence_and_without_the_state_there_is_a_new_start()
    {
        var options = _options with { Steps = 1, AlignMinutes = 0 };
        Trainer.Run(options);
        var on = options with { Out = _temp.File("on"), Resume = _temp.File("whole/latest"), KeepState = false };
        var message = Assert.Throws<StarKvException>(() => Trainer.Run(on with { Seed = 2 })).Message;
        Assert.Contains("has --seed 1, this run 2; give 1, or delete", message, StringComparison.Ordinal);
        Assert.Contains("--threads 2, this run 1", Assert.Throws<StarKvException>(() => Trainer.Run(on with { Threads = 1 })).Message, StringComparison.Ordinal);

        // The step that the options allow is taken: going on changes nothing.
        Trainer.Run(on);
        Assert.True(File.ReadAllBytes(_temp.File("whole/latest/model.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(_temp.File("on/latest/model.safetensors"))));
        Assert.False(File.Exists(_temp.File("on/latest/state.json")));

        File.Delete(_temp.File("whole/latest/state.json"));
        Trainer.Run(on with { Seed = 2 });
        Assert.Equal([2L], Steps("on"));
    }

    [Theory]
    [InlineData("\"Seconds\":", "\"Seconds\":-", "does not say where training was stopped; delete it")]
    [InlineData("\"Phase\":\"train\"", "\"Phase\":\"end\"", "does not say where training was stopped; delete it")]
    [InlineData("\"Turn\":", "\"Turn\":7", "does not say where training was stopped; delete it")]
    [InlineData("\"Updates\":1,", "", "lacks 'Updates'")]
    public void A_damaged_state_is_refused(string part, string other, string reason)
    {
        const string Good = """{"Phase":"train","Steps":1,"Seconds":5,"PhaseSeconds":4,"Updates":1,"Feeds":[{"Turn":0,"Workers":[{"Job":0,"Taken":1}]}],"Settings":{"devices":"1","--threads":"1"}}""";
        Assert.Equal("train", RunState.Parse(System.Text.Encoding.UTF8.GetBytes(Good), "state.json").Phase);
        var damaged = System.Text.Encoding.UTF8.GetBytes(Good.Replace(part, other, StringComparison.Ordinal));
        Assert.Contains(reason, Assert.Throws<StarKvException>(() => RunState.Parse(damaged, "state.json")).Message, StringComparison.Ordinal);
    }

    /// <summary>Trains, and asks for the end as the log says that a step was taken.</summary>
    private static void Stop(TrainingOptions options, string phase, long step)
    {
        using var stop = new CancellationTokenSource();
        Trainer.Run(options, line =>
        {
            var read = JsonDocument.Parse(line).RootElement;
            if (read.GetProperty("phase").GetString() == phase && read.GetProperty("step").GetInt64() == step)
                stop.Cancel();
        }, stop.Token);
    }

    private IEnumerable<long> Steps(string run) => File.ReadLines(_temp.File($"{run}/log.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)
        .Where(l => l.TryGetProperty("answerLoss", out _)).Select(l => l.GetProperty("step").GetInt64());

    private string Feeds(string run) =>
        JsonDocument.Parse(File.ReadAllText(_temp.File($"{run}/latest/state.json"))).RootElement.GetProperty("Feeds").GetRawText();
}
