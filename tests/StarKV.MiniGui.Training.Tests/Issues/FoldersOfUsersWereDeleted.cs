using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Run;

namespace StarKV.MiniGui.Training.Tests.Issues;

/// <summary>Reliability F1: quantize and train deleted what lay in the place of a model, and beside it in .old and .partial.</summary>
public sealed class FoldersOfUsersWereDeleted : IDisposable
{
    private const string Thesis = "thesis.txt";
    private readonly TempFolder _temp = new();

    public FoldersOfUsersWereDeleted()
    {
        TinyShape.Folder(_temp.Path);
        TrainingThread.Run(() => Save("model"));
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Quantize_leaves_a_folder_with_files_of_others_alone()
    {
        Precious("my precious");
        Refused(() => Quantize("model", "my precious"), "my precious", "holds more than an FP8 model that StarKV wrote");
        Assert.Equal([Thesis], Names("my precious"));
    }

    [Fact]
    public void Quantize_leaves_folders_alone_that_are_named_like_its_own()
    {
        Precious("fp8.old");
        Precious("fp8.partial");
        Quantize("model", "fp8");
        Quantize("model", "fp8");
        Assert.Equal([Thesis], Names("fp8.old"));
        Assert.Equal([Thesis], Names("fp8.partial"));
        Assert.Equal(["fp8", "fp8.old", "fp8.partial", "model", "shape"], Names(""));
    }

    [Theory]
    [InlineData("parent/model", "parent", "contains the model that is read")]
    [InlineData("parent/model", "parent/model", "is the model that is read")]
    [InlineData("parent/model", "parent/model/fp8", "is inside the model that is read")]
    [InlineData("parent/model", "link", "contains the model that is read")]
    [InlineData("link/model", "parent/model", "is the model that is read")]
    [InlineData("parent/model", "link/model/fp8", "is inside the model that is read")]
    public void Quantize_neither_writes_over_what_it_reads_nor_into_it(string from, string to, string reason)
    {
        Directory.CreateDirectory(_temp.File("parent"));
        Directory.Move(_temp.File("model"), _temp.File("parent/model"));
        Precious("parent");
        File.CreateSymbolicLink(_temp.File("link"), "parent");
        var before = Names("parent/model");
        Refused(() => Quantize(from, to), to, reason);
        Assert.Equal(["model", Thesis], Names("parent"));
        Assert.Equal(before, Names("parent/model"));
    }

    [Fact]
    public void Quantize_takes_no_checkpoint_of_training_for_its_own()
    {
        TrainingThread.Run(() => Save("latest"));
        Refused(() => Quantize("model", "latest"), "latest", "holds more than an FP8 model that StarKV wrote");
        // One that lost its marker may be anybody's.
        Quantize("model", "fp8");
        File.Delete(_temp.File("fp8/.starkv-folder"));
        Refused(() => Quantize("model", "fp8"), "fp8", "holds more than an FP8 model that StarKV wrote");
    }

    [Fact]
    public void Quantize_that_is_cancelled_or_fails_leaves_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => Quantizer.Run(_temp.File("model"), _temp.File("new/fp8"), cancelled));
        Quantize("model", "fp8");
        Refused(() => Quantizer.Run(_temp.File("fp8"), _temp.File("new/other")), null, "is quantized already");
        Assert.Equal(["fp8", "model", "shape"], Names(""));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("control")]
    public void Train_leaves_a_folder_with_files_of_others_alone_and_says_so_at_once(string name)
    {
        Precious($"my run/{name}");
        Refused(() => Train("my run"), $"my run/{name}", "holds more than a checkpoint of training that StarKV wrote");
        Assert.Equal([Thesis], Names($"my run/{name}"));
        Assert.Equal([name], Names("my run"));
    }

    [Fact]
    public void Train_leaves_folders_alone_that_are_named_like_its_own_and_replaces_its_own()
    {
        Precious("run/latest.old");
        Precious("run/latest.partial");
        Precious("run");
        Train("run");
        Train("run", resume: "run/latest");
        Assert.Equal([Thesis], Names("run/latest.old"));
        Assert.Equal([Thesis], Names("run/latest.partial"));
        Assert.Equal(["latest", "latest.old", "latest.partial", "log.jsonl", Thesis], Names("run"));
        Assert.Equal(2, File.ReadAllLines(_temp.File("run/log.jsonl")).Count(l => l.Contains("answerLoss", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_checkpoint_from_before_there_were_markers_is_gone_on_with_and_replaced()
    {
        Train("run");
        File.Delete(_temp.File("run/latest/.starkv-folder"));
        Train("run", resume: "run/latest");
        Assert.True(File.Exists(_temp.File("run/latest/.starkv-folder")));
        File.Delete(_temp.File("run/latest/.starkv-folder"));
        Precious("run/latest");
        Refused(() => Train("run"), "run/latest", "holds more than a checkpoint of training that StarKV wrote");
    }

    [Theory]
    [InlineData("model", "is the model that training continues from")]
    [InlineData("model/run", "is inside the model that training continues from")]
    [InlineData("link/run", "is inside the model that training continues from")]
    [InlineData("shape", "is the model whose shape is taken")]
    public void Train_does_not_write_into_what_it_reads(string output, string reason)
    {
        File.CreateSymbolicLink(_temp.File("link"), "model");
        var before = Names("model");
        Refused(() => Train(output, resume: "model"), output, reason);
        Assert.Equal(before, Names("model"));
    }

    [Fact]
    public void What_is_put_beside_a_checkpoint_while_training_runs_stays_and_nothing_learned_is_lost()
    {
        Train("run");
        // After the look at the start, before the checkpoint is saved.
        var folder = Train("run", echo: _ => Precious("run/latest"));
        Assert.Equal(_temp.File("run/latest-2"), folder);
        Assert.Contains(Thesis, Names("run/latest"));
        Assert.True(File.Exists(_temp.File("run/latest-2/training.json")));
    }

    private void Precious(string folder) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_temp.File(folder)).FullName, Thesis), "mine");

    private void Save(string name)
    {
        using var weights = Tiny.Weights(1);
        Checkpoint.Save(_temp.File(name), _temp.File("shape"), weights, new Progress(1, 2));
    }

    private void Quantize(string from, string to) => TrainingThread.Run(() => Quantizer.Run(_temp.File(from), _temp.File(to)));

    private string Train(string output, string? resume = null, Action<string>? echo = null) => Trainer.Run(
        new TrainingOptions
        {
            Out = _temp.File(output),
            Shape = _temp.File("shape"),
            Resume = resume is null ? null : _temp.File(resume),
            Device = "cpu",
            Minutes = 5,
            Steps = 1,
            Tokens = 1000,
            LogEvery = 1,
            Threads = 1,
            EvaluateBatches = 1,
        },
        echo);

    private void Refused(Action act, string? place, string reason)
    {
        var message = Assert.Throws<StarKvException>(act).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        if (place is not null)
            Assert.Contains($"'{_temp.File(place)}'", message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(_temp.File(folder)).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal);
}
