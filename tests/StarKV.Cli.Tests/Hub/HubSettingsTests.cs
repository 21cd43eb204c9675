using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Hub;

public sealed class HubSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static HubSettings From(params (string Name, string Value)[] variables) =>
        HubSettings.From(name => variables.FirstOrDefault(v => v.Name == name).Value);

    [Fact]
    public void The_cache_is_where_the_python_tools_have_it()
    {
        Assert.Equal("/a/hub", From(("HF_HOME", "/a")).CacheFolder);
        Assert.Equal("/b", From(("HF_HOME", "/a"), ("HF_HUB_CACHE", "/b")).CacheFolder);
        Assert.Equal("/c/huggingface/hub", From(("XDG_CACHE_HOME", "/c")).CacheFolder);
        Assert.EndsWith("/.cache/huggingface/hub", From().CacheFolder, StringComparison.Ordinal);
        Assert.Equal(new Uri("https://huggingface.co"), From().Endpoint);
    }

    [Fact]
    public void The_token_comes_from_the_variable_or_the_file()
    {
        Assert.Null(From(("HF_HOME", _folder.Path)).Token);
        _folder.Write("token", "of-file\n");
        Assert.Equal("of-file", From(("HF_HOME", _folder.Path)).Token);
        Assert.Equal("of-variable", From(("HF_HOME", _folder.Path), ("HF_TOKEN", "of-variable")).Token);
    }

    [Fact]
    public void An_endpoint_that_is_no_address_is_refused() =>
        Assert.Contains("HF_ENDPOINT", Assert.Throws<StarKvException>(() => From(("HF_ENDPOINT", "nowhere"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("org/name", "org/name", "main")]
    [InlineData("ByteDance-Seed/UI-TARS-1.5-7B@refs/pr/3", "ByteDance-Seed/UI-TARS-1.5-7B", "refs/pr/3")]
    public void A_model_is_read(string text, string id, string revision)
    {
        var model = HubModel.Parse(text);
        Assert.Equal((id, revision), (model.Id, model.Revision));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a--b/c")]
    [InlineData("/a")]
    [InlineData("a/b@")]
    [InlineData("a/b@../../x")]
    [InlineData("a/b@/x")]
    [InlineData("a/b c")]
    public void What_is_no_model_is_refused(string text) => Assert.Contains("ORG/NAME", Assert.Throws<StarKvException>(() => HubModel.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_wins_over_the_cache_and_a_missing_model_says_how_to_fetch_it()
    {
        Assert.Equal(_folder.Path, HubCache.Resolve(_folder.Path, () => _folder.Path));
        Assert.Contains("starkv pull org/none@v1", Assert.Throws<StarKvException>(() => HubCache.Resolve("org/none@v1", () => _folder.Path)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("models--org--some/snapshots/abc"));
        Directory.CreateDirectory(_folder.File("models--org--some/refs"));
        _folder.Write("models--org--some/refs/main", "abc");
        Assert.Throws<StarKvException>(() => HubCache.Resolve("org/some", () => _folder.Path));
        _folder.Write("models--org--some/snapshots/abc/config.json", "{}");
        Assert.Equal(_folder.File("models--org--some/snapshots/abc"), HubCache.Resolve("org/some", () => _folder.Path));
    }
}
