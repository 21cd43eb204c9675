namespace StarKV.Cli.Tests.Issues;

/// <summary><c>gruond</c> was answered with "not recognised" alone.</summary>
public sealed class MistypedNamesGotNoSuggestion
{
    [Theory]
    [InlineData("gruond", "'gruond'. Did you mean ground?")]
    [InlineData("minigui darw", "Did you mean draw?")]
    [InlineData("eval screenspotv2", "Did you mean screenspot-v2?")]
    [InlineData("ground --instrction go", "'--instrction'. Did you mean --instruction?")]
    [InlineData("demo --overly=x.png", "Did you mean --overlay?")]
    [InlineData("eval minigui --methods full", "Did you mean --method?")]
    [InlineData("eval mind2web --profile strct", "Did you mean strict?")]
    [InlineData("minigui draw --split tets", "Did you mean test?")]
    [InlineData("eval minigui --filter knd=icon", "has no label 'knd'", "Did you mean kind?")]
    [InlineData("eval minigui --filter kind=icno", "Did you mean icon?")]
    [InlineData("methods starkv", "Did you mean star-kv?")]
    [InlineData("methods pyramid", "Did you mean pyramidkv?")]
    [InlineData("inspect --method star-kv:temporl=off", "Did you mean temporal?")]
    [InlineData("inspect --method star-kv:preset=refrence", "Did you mean reference?")]
    [InlineData("inspect --prompt uitars.groundin", "Did you mean uitars.grounding?")]
    public async Task A_near_name_is_named(string line, params string[] said) => (await CommandRun.Of(line.Split(' '))).Refused(said);

    [Theory]
    [InlineData("xyzzy")]
    [InlineData("ground --zzzzzz")]
    [InlineData("methods zzz")]
    public async Task A_name_like_no_other_gets_none(string line)
    {
        var run = await CommandRun.Of(line.Split(' '));
        run.Refused();
        Assert.DoesNotContain("Did you mean", run.Error, StringComparison.Ordinal);
    }
}
