using StarKV.Cli.Commands;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Cli.Tests.Commands;

public sealed class CompressionListTests
{
    [Fact]
    public void Every_method_stands_at_every_budget_and_full_once() => Assert.Equal(
        ["full", "snapkv 5%", "snapkv 20%", "star-kv:alpha=1:grid=square 5%", "star-kv:alpha=1:grid=square 20%"],
        CompressionList.Read(["full,snapkv", "star-kv:alpha=1:grid=square"], "5%,20%").Select(c => c.KeepsEverything ? c.Name : $"{c.Name} {c.Budget}"));

    [Fact]
    public void Every_method_can_protect_tokens_beside_itself_without() => Assert.All(Methods.All, entry =>
    {
        var list = CompressionList.Read([$"{entry.Name},{entry.Name}:protect=instruction"], "20%");
        Assert.Equal([entry.Name, $"{entry.Name}:protect=instruction"], list.Select(c => c.Name));
        Assert.IsNotType<Protected>(list[0].Method);
        Assert.IsType<Protected>(list[1].Method);
    });

    [Fact]
    public async Task Protected_parts_are_kept_by_all_heads_of_all_layers()
    {
        using var folder = new TempFolder();
        var run = await CommandRun.Of(
            "inspect", "--device", "cpu", "--json", "--out", Path.Combine(folder.Path, "page.html"), "--keep", "15%", "--method", "random,random:protect=system+instruction:seed=3");
        var (plain, kept) = (System(0), System(1));
        Assert.All(kept, k => Assert.Equal(11, k));
        Assert.Contains(plain, k => k < 11);

        List<double> System(int cache) =>
            [.. run.Json.GetProperty("caches")[cache].GetProperty("keptTokensPerLayer").EnumerateArray().Select(l => l.GetProperty("ofClass").GetProperty("system").GetDouble())];
    }

    [Theory]
    [InlineData("system", true, false, false)]
    [InlineData("instruction", false, true, false)]
    [InlineData("answers", false, false, true)]
    [InlineData("answers+system+instruction", true, true, true)]
    public void Parts_are_named_one_by_one(string parts, bool system, bool instruction, bool answers)
    {
        var what = ProtectedParts.Read(parts, "here");
        Assert.Equal((system, instruction, answers), (what.System, what.Instruction, what.Answers));
    }

    [Theory]
    [InlineData("star-kv:protect=text", "--method star-kv:protect=text: protect is 'text'; it must be system, instruction, answers or several of them, such as system+instruction.")]
    [InlineData("star-kv:protect=system+", "protect is 'system+'")]
    [InlineData("full:window=3", "full has no options, but window was given.")]
    public void What_a_method_does_not_take(string method, string said) =>
        Assert.Contains(said, Assert.Throws<StarKvException>(() => CompressionList.Read([method], "20%")).Message, StringComparison.Ordinal);
}
