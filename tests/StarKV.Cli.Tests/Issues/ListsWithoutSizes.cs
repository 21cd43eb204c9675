using StarKV.Cli.Tests.Hub;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A mirror whose list gives names alone ended with "The given key was not present in the dictionary".</summary>
[Trait("outside", "2.14")]
public sealed class ListsWithoutSizes : IDisposable
{
    private readonly HubServer _server = new();
    private readonly TempFolder _cache = new();

    public ListsWithoutSizes() => _server.List =
        $$"""{"sha":"{{HubServer.Commit}}","siblings":[{"rfilename":"config.json"},{"rfilename":"model.safetensors","size":null,"blobId":null},{"rfilename":"pytorch_model.bin"}]}""";

    public void Dispose()
    {
        _server.Dispose();
        _cache.Dispose();
    }

    private async Task<HubPull> Pull()
    {
        using var client = new HubClient(new HubSettings { Endpoint = _server.Address, CacheFolder = _cache.Path, Jobs = 1, Silence = TimeSpan.FromHours(2) }, time: new HurriedTime(), random: new Random(1));
        return await client.PullAsync(HubModel.Parse("org/tiny"));
    }

    private string Hash(string file) => HubServer.HashOf(file, _server.Files[file]);

    [Fact]
    public async Task Sizes_and_hashes_in_the_files_headers_will_do()
    {
        _server.Heads = file => file == "config.json"
            ? (200, $"ETag: \"{Hash(file)}\"\r\n")
            : (302, $"Location: https://elsewhere.invalid/x\r\nX-Linked-Size: {_server.Files[file].Length}\r\nX-Linked-ETag: \"{Hash(file)}\"\r\n");
        var pull = await Pull();
        foreach (var name in new[] { "config.json", "model.safetensors" })
            Assert.Equal(_server.Files[name], File.ReadAllBytes(Path.Combine(pull.Folder, name)));
        Assert.Equal(2, _server.Requests.Count(r => r.StartsWith("HEAD ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "ETag: W/\"5f3\"\r\n")]
    public async Task Without_them_the_file_and_the_way_out_are_named(bool answers, string headers)
    {
        if (answers)
            _server.Heads = _ => (200, headers);
        var message = (await Assert.ThrowsAsync<StarKvException>(Pull)).Message;
        Assert.Contains("no size or no hash of config.json", message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", message, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Path));
    }

    [Theory]
    [InlineData("{}", "'sha'")]
    [InlineData("[]", "'sha'")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567"}""", "'siblings'")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"size":1}]}""", "'rfilename'")]
    public async Task What_else_a_list_lacks_is_named(string list, string member)
    {
        _server.List = list;
        Assert.Contains($"has no {member}", (await Assert.ThrowsAsync<StarKvException>(Pull)).Message, StringComparison.Ordinal);
    }
}
