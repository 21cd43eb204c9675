using System.Text.Json;
using StarKV.Evaluation.Benchmarks.Mind2Web;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>Reliability, found by fuzzing: a row of Mind2Web that named a block twice was an internal error.</summary>
public sealed class BlocksNamedTwice
{
    [Theory]
    [InlineData("0")]
    [InlineData("00")]
    public void Are_refused(string second)
    {
        using var row = JsonDocument.Parse($$$"""{"annotation_id":"a","task":"t","operation":"CLICK","blocks_path":"p","target_blocks":{"0":[[1,2,3,4]],"{{{second}}}":[[1,2,3,4]]}}""");
        Assert.Contains($"names the block {second} twice", Assert.Throws<StarKvException>(() => Mind2WebRow.Of(row.RootElement)).Message, StringComparison.Ordinal);
    }
}
