using System.IO.Compression;
using System.Text;
using StarKV.Cli.Tests.Hub;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A body that was compressed unasked, or a page in place of a file, read as "the connection ended early" after six tries.</summary>
[Trait("outside", "2.8")]
public sealed class BodiesThatAreNotTheFile : IDisposable
{
    private const string Gzip = "Content-Encoding: gzip\r\n";
    private const string Page = "Content-Type: text/html; charset=utf-8\r\n";

    private readonly HubServer _server = new();
    private readonly TempFolder _cache = new();

    public void Dispose()
    {
        _server.Dispose();
        _cache.Dispose();
    }

    private async Task<HubPull> Pull(params string[] include)
    {
        using var client = new HubClient(new HubSettings { Endpoint = _server.Address, CacheFolder = _cache.Path, Jobs = 1, Silence = TimeSpan.FromHours(2) }, time: new HurriedTime(), random: new Random(1));
        return await client.PullAsync(HubModel.Parse("org/tiny"), include);
    }

    private async Task Arrives()
    {
        var pull = await Pull();
        foreach (var name in new[] { "config.json", "model.safetensors" })
            Assert.Equal(_server.Files[name], File.ReadAllBytes(Path.Combine(pull.Folder, name)));
    }

    /// <summary>The pull is refused with a sentence that holds the parts, without a second try.</summary>
    private async Task Refused(int requests, params string[] parts)
    {
        var message = (await Assert.ThrowsAsync<StarKvException>(() => Pull())).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(requests, _server.Requests.Count);
    }

    private static byte[] Compressed(byte[] bytes, Func<Stream, Stream> compress)
    {
        var packed = new MemoryStream();
        using (var stream = compress(packed))
            stream.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Zipped(byte[] bytes) => Compressed(bytes, s => new GZipStream(s, CompressionMode.Compress));

    private string ListOf(params string[] files) =>
        $$"""{"sha":"{{HubServer.Commit}}","siblings":[{{string.Join(',', files.Select(f => $$"""{"rfilename":"{{f}}","size":{{_server.Files[f].Length}},"blobId":"","lfs":{"sha256":"{{HubServer.HashOf("x.safetensors", _server.Files[f])}}","size":{{_server.Files[f].Length}}} }"""))}}]}""";

    [Fact]
    public async Task Files_are_asked_for_as_they_are()
    {
        await Arrives();
        Assert.All(_server.Requests, r => Assert.Contains("Accept-Encoding: identity\r\n", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZIP")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task An_encoding_that_nobody_asked_for_is_undone(string encoding)
    {
        byte[] Packed(byte[] bytes) => encoding switch
        {
            "identity" => bytes,
            "deflate" => Compressed(bytes, s => new ZLibStream(s, CompressionMode.Compress)),
            _ => Zipped(bytes),
        };
        var headers = $"Content-Encoding: {encoding}\r\n";
        _server.ListFaults.Enqueue(new Fault(Headers: headers) { Body = Packed(Encoding.UTF8.GetBytes(ListOf("config.json", "model.safetensors"))) });
        foreach (var name in new[] { "config.json", "model.safetensors" })
            _server.FileFaults.Enqueue(new Fault(Headers: headers) { Body = Packed(_server.Files[name]) });
        await Arrives();
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_compressed_file_that_is_cut_is_taken_up()
    {
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 2000));
        _server.FileFaults.Enqueue(new Fault(Headers: Gzip) { Body = Zipped(_server.Files["model.safetensors"]) });
        await Arrives();
    }

    [Fact]
    public async Task A_part_of_a_compressed_file_cannot_be_joined_and_is_asked_for_whole()
    {
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 2000));
        _server.FileFaults.Enqueue(new Fault(206, $"{Gzip}Content-Range: bytes 2000-4999/5000\r\n") { Body = new byte[3000] });
        await Arrives();
        Assert.DoesNotContain("Range:", _server.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_rest_is_asked_for_the_whole()
    {
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 2000));
        _server.FileFaults.Enqueue(new Fault(416));
        await Arrives();
        Assert.DoesNotContain("Range:", _server.Requests.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    [InlineData("zstd")]
    public async Task An_encoding_that_cannot_be_undone_is_named_at_once(string encoding)
    {
        _server.ListFaults.Enqueue(new Fault(Headers: $"Content-Encoding: {encoding}\r\n") { Body = [1, 2, 3] });
        await Refused(1, "the list of the files of org/tiny", $"Content-Encoding {encoding}", "HF_ENDPOINT");
        _server.FileFaults.Enqueue(new Fault(Headers: $"Content-Encoding: {encoding}\r\n") { Body = [1, 2, 3] });
        await Refused(3, "config.json", $"Content-Encoding {encoding}");
    }

    [Fact]
    public async Task What_is_not_encoded_as_its_headers_say_is_named_at_once()
    {
        _server.FileFaults.Enqueue(new Fault(Headers: Gzip) { Body = "{}"u8.ToArray() });
        await Refused(2, "config.json", "another form than its Content-Encoding says");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_page_instead_of_a_file_is_named_at_once(bool noLength, bool zipped)
    {
        var page = Encoding.UTF8.GetBytes($"<html>{new string('x', 6000)}</html>");
        _server.FileFaults.Enqueue(new Fault(Headers: Page + (zipped ? Gzip : "")) { Body = zipped ? Zipped(page) : page, NoLength = noLength });
        await Refused(2, "127.0.0.1 sends a page (text/html; charset=utf-8) instead of config.json", "browser");
    }

    [Fact]
    public async Task A_page_instead_of_the_list_is_named_at_once()
    {
        _server.ListFaults.Enqueue(new Fault(Headers: Page) { Body = "<html>log in</html>"u8.ToArray() });
        await Refused(1, "sends a page", "the list of the files of org/tiny");
    }

    [Theory]
    [InlineData(200, "Content-Type: application/json\r\n")]
    [InlineData(200, "")]
    [InlineData(206, "Content-Range: bytes 0-133/134\r\n")]
    public async Task Another_length_than_the_list_s_is_named_at_once(int status, string headers)
    {
        _server.FileFaults.Enqueue(new Fault(status, headers) { Body = new byte[134] });
        await Refused(2, "sends 134 bytes as config.json, which has 2");
    }

    [Fact]
    public async Task A_file_of_the_right_length_is_taken_whatever_it_is_called()
    {
        _server.FileFaults.Enqueue(new Fault(Headers: Page) { Body = _server.Files["config.json"] });
        await Arrives();
    }

    [Fact]
    public async Task A_page_that_was_asked_for_is_a_file()
    {
        _server.Files["card.html"] = "<html>card</html>"u8.ToArray();
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(Headers: Page) { Body = _server.Files["card.html"], NoLength = true });
        Assert.Equal("<html>card</html>", File.ReadAllText(Path.Combine((await Pull("card.html")).Folder, "card.html")));
    }
}
