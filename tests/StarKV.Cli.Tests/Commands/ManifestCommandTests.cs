using StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

namespace StarKV.Cli.Tests.Commands;

public sealed class ManifestCommandTests
{
    [Fact]
    public async Task All_episodes_are_drawn_again_as_they_are_in_the_list()
    {
        using var temp = new TempFolder();
        var run = await CommandRun.Of("eval", "manifest", "--episodes", "--out", temp.File("again.json"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.StartsWith("90 episodes: ", run.Out, StringComparison.Ordinal);
        Assert.Equal(EpisodeManifest.Bytes(EpisodeManifest.Load()), await File.ReadAllBytesAsync(temp.File("again.json")));
    }

    [Fact]
    public async Task Episodes_need_a_place_of_their_own_and_no_kinds()
    {
        (await CommandRun.Of("eval", "manifest", "--episodes")).Refused("--episodes needs --out");
        (await CommandRun.Of("eval", "manifest", "--episodes", "--of-each-kind", "2", "--out", "x.json")).Refused("leave it out with --episodes");
        Assert.False(File.Exists("x.json"));
    }
}
