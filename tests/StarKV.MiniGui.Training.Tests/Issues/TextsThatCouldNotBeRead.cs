using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Report;

namespace StarKV.MiniGui.Training.Tests.Issues;

/// <summary>Reliability, found by fuzzing: JSON with half a surrogate pair, a name that comes twice or bytes that are no UTF-8 ended in an error of the runtime.</summary>
public sealed class TextsThatCouldNotBeRead : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("[]")]
    public void A_configuration_is_refused_before_it_is_copied(string json)
    {
        var file = _folder.Write("config.json", json);
        var target = Directory.CreateDirectory(_folder.File("copy")).FullName;
        Assert.Contains(file, Assert.Throws<StarKvException>(() => Checkpoint.CopyCompanions(_folder.Path, target, null)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(target));
    }

    [Fact]
    public void A_log_is_not_drawn()
    {
        var log = _folder.Write("log.jsonl", [.. """{"seconds":1,"answerLoss":1,"heldOut":{" """u8[..^1], 0xFF, .. """ ":{"right":1}}}"""u8[1..], (byte)'\n']);
        Assert.Contains("line 1", Assert.Throws<StarKvException>(() => TrainingPlot.Draw(log, _folder.File("plot.svg"))).Message, StringComparison.Ordinal);
    }
}
