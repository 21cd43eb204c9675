using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A folder that is not there, named like a model of the hub, was answered with "Fetch it: starkv pull models/mini" alone.</summary>
public sealed class FoldersThatWereToldToPull : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_meanings_are_named_with_their_ways_out()
    {
        var message = Assert.Throws<StarKvException>(() => HubCache.Resolve("models/none", () => _folder.Path)).Message;
        Assert.Contains($"There is no folder {Path.GetFullPath("models/none")}", message, StringComparison.Ordinal);
        Assert.Contains($"seen from {Environment.CurrentDirectory}", message, StringComparison.Ordinal);
        Assert.Contains($"the cache {_folder.Path} holds no model models/none", message, StringComparison.Ordinal);
        Assert.Contains("starkv pull models/none", message, StringComparison.Ordinal);
        Assert.Contains("HubClient.PullAsync(HubModel.Parse(\"models/none\"))", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./none")]
    [InlineData("a/b/none")]
    [InlineData("none")]
    public async Task What_can_only_be_a_folder_is_named_in_full(string folder) =>
        (await CommandRun.Of("ground", "--model", folder, "--device", "cpu", "--image", MiniSample.Of("text_0").Files()[0], "--instruction", "x")).Refused($"There is no folder {Path.GetFullPath(folder)}");
}
