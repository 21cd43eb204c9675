using StarKV.MiniGui.Training.Report;

namespace StarKV.MiniGui.Training.Tests.Issues;

/// <summary>A line of a training log without its members ended in an error of the runtime. Reliability F6.</summary>
public sealed class HostileTrainingFiles : IDisposable
{
    private const string Good = """{"step":1,"seconds":60,"answerLoss":1.5,"cellLoss":0.5,"heldOut":{"icon":{"right":0.5,"n":2}}}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Exception? Draw(string line)
    {
        var log = _folder.Write("log.jsonl", $"{Good}\n{line}\n");
        return Record.Exception(() => TrainingPlot.Draw(log, _folder.File("plot.svg")));
    }

    [Fact]
    public void A_line_of_a_log_is_drawn_passed_over_or_refused()
    {
        foreach (var json in JsonMutations.Of(Good))
        {
            var error = Draw(json);
            Assert.True(error is null or StarKvException, $"{json}: {error}");
        }
    }

    [Theory]
    [InlineData("\"seconds\":60,", "", "line 2 of", "seconds is missing.")]
    [InlineData("\"seconds\":60", "\"seconds\":1e999", "line 2 of", "seconds is 1e999; a number from 0 to")]
    [InlineData("\"right\":0.5,", "", "line 2 of", "heldOut.icon.right is missing.")]
    [InlineData("1.5", "[]", "line 2 of", "answerLoss is []; a number from")]
    public void The_refusal_names_the_line_and_the_field(string part, string other, string line, string reason)
    {
        var message = Assert.IsType<StarKvException>(Draw(Good.Replace(part, other, StringComparison.Ordinal))).Message;
        Assert.Contains(line, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }
}
