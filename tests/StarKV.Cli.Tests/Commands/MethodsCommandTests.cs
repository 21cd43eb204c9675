using StarKV.Score;

namespace StarKV.Cli.Tests.Commands;

public sealed class MethodsCommandTests
{
    [Theory]
    [InlineData("methods.txt")]
    [InlineData("methods-full.txt", "full")]
    [InlineData("methods-star-kv.txt", "star-kv")]
    [InlineData("methods-snapkv.json", "snapkv", "--json")]
    [InlineData("methods-vl-cache.txt", "vl-cache")]
    public async Task The_output_is_the_recorded_one(string snapshot, params string[] arguments)
    {
        var run = await CommandRun.Of(["methods", .. arguments]);
        Assert.Equal((ExitCodes.Success, ""), (run.ExitCode, run.Error));
        Snapshot.Check(snapshot, run.Out);
    }

    [Fact]
    public async Task Json_holds_every_method_with_every_option()
    {
        var list = (await CommandRun.Of("methods", "--json")).Json.EnumerateArray().ToList();
        Assert.Equal(Methods.All.Select(m => m.Name), list.Select(m => m.GetProperty("name").GetString()));
        Assert.All(Methods.All.Zip(list), pair => Assert.Equal(
            pair.First.Options.Select(o => (o.Name, o.Default, o.Bounds)),
            pair.Second.GetProperty("options").EnumerateArray().Select(o => (o.GetProperty("name").GetString()!, o.GetProperty("default").GetString()!, o.GetProperty("bounds").GetString()!))));
        Assert.Equal("square", list[1].GetProperty("presets")[1].GetProperty("sets").GetProperty("grid").GetString());
        Assert.Equal(["vl-cache"], list.Where(m => m.GetProperty("holdsFullCache").GetBoolean()).Select(m => m.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task An_unknown_method_lists_the_known_ones() =>
        (await CommandRun.Of("methods", "snap")).Refused(["'snap'", .. Methods.All.Select(m => m.Name)]);
}
