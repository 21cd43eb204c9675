using System.Text.Json;
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
    }

    [Fact]
    public async Task Json_of_one_method_is_its_object_alone()
    {
        var (star, snap, vl) = (await Of("star-kv"), await Of("snapkv"), await Of("vl-cache"));
        Assert.Equal("""{"grid":"square"}""", JsonSerializer.Serialize(star.GetProperty("presets")[1].GetProperty("sets")));
        Assert.Equal((false, false, true), (Flag(star, "holdsFullCache"), Flag(snap, "holdsFullCache"), Flag(vl, "holdsFullCache")));
        Assert.Equal((false, true, true), (Flag(star, "perHead"), Flag(snap, "perHead"), Flag(vl, "perHead")));

        static async Task<JsonElement> Of(string name) => (await CommandRun.Of("methods", name, "--json")).Json;
        static bool Flag(JsonElement method, string name) => method.GetProperty(name).GetBoolean();
    }

    [Fact]
    public async Task An_unknown_method_lists_the_known_ones() =>
        (await CommandRun.Of("methods", "snap")).Refused(["'snap'", .. Methods.All.Select(m => m.Name)]);
}
