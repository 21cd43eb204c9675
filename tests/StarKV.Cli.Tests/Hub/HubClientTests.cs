using CsCheck;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Hub;

/// <summary>Pulls over real sockets from a server that misbehaves on request.</summary>
public sealed class HubClientTests : IDisposable
{
    private static readonly HubModel s_model = HubModel.Parse("org/tiny");

    private readonly HubServer _server = new();
    private readonly TempFolder _cache = new();
    private readonly HurriedTime _time = new();

    public void Dispose()
    {
        _server.Dispose();
        _cache.Dispose();
    }

    private string Weights => Blob("model.safetensors");

    private string Blob(string name) => _cache.File($"models--org--tiny/blobs/{HubServer.HashOf(name, _server.Files[name])}");

    private HubSettings Settings => new() { Endpoint = _server.Address, CacheFolder = _cache.Path, Jobs = 1, Silence = TimeSpan.FromHours(2) };

    private async Task<HubPull> Pull(HubSettings? settings = null, HubModel? model = null, string[]? include = null, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var client = new HubClient(settings ?? Settings, time: _time, random: new Random(1));
        return await client.PullAsync(model ?? s_model, include, progress, cancellation);
    }

    private async Task<string> Refusal(HubSettings? settings = null, HubModel? model = null) =>
        (await Assert.ThrowsAsync<StarKvException>(() => Pull(settings, model))).Message;

    private void AssertComplete(HubPull pull)
    {
        foreach (var name in new[] { "config.json", "model.safetensors" })
            Assert.Equal(_server.Files[name], File.ReadAllBytes(Path.Combine(pull.Folder, name)));
        Assert.Empty(Directory.GetFiles(_cache.File("models--org--tiny"), "*.incomplete", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_cache.File("models--org--tiny"), "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_cache_has_the_layout_of_the_python_tools()
    {
        var pull = await Pull();
        AssertComplete(pull);
        Assert.Equal(HubServer.Commit, pull.Commit);
        Assert.Equal(_cache.File($"models--org--tiny/snapshots/{HubServer.Commit}"), pull.Folder);
        Assert.Equal(HubServer.Commit, File.ReadAllText(_cache.File("models--org--tiny/refs/main")));
        Assert.Equal($"../../blobs/{Path.GetFileName(Weights)}", new FileInfo(Path.Combine(pull.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(pull.Folder).Select(Path.GetFileName).Order());
        Assert.Equal(5002, pull.FetchedBytes);
    }

    [Fact]
    public async Task A_second_pull_fetches_nothing()
    {
        await Pull();
        var again = await Pull();
        Assert.Equal(0, again.FetchedBytes);
        Assert.Equal(2, _server.Requests.Count(r => r.Contains("/resolve/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Include_widens_the_choice()
    {
        _server.Files["demo/deep/a.txt"] = "a"u8.ToArray();
        var pull = await Pull(include: ["demo/*"]);
        Assert.Equal("a", File.ReadAllText(Path.Combine(pull.Folder, "demo", "deep", "a.txt")));
        Assert.StartsWith("../../../../blobs/", new FileInfo(Path.Combine(pull.Folder, "demo", "deep", "a.txt")).LinkTarget, StringComparison.Ordinal);
        Assert.Contains("--include none*", (await Assert.ThrowsAsync<StarKvException>(() => Pull(include: ["none*"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_sequence_of_faults_that_lets_a_byte_through_ends_with_the_right_bytes()
    {
        var fault = Gen.Select(Gen.Int[0, 6000], Gen.Bool, Gen.Int[0, 3]).Select((cut, ignores, kind) => kind switch
        {
            0 => new Fault(503),
            1 => new Fault(429, "Retry-After: 3\r\n"),
            _ => new Fault(CutAfter: cut, IgnoreRange: ignores),
        });
        // One file in one piece has at most five failures in a row, whatever they are.
        fault.Array[0, HubRetry.MaxFailures - 1].Sample(faults =>
        {
            Directory.Delete(_cache.Path, recursive: true);
            _server.FileFaults.Clear();
            Array.ForEach(faults, _server.FileFaults.Enqueue);
            AssertComplete(Pull().GetAwaiter().GetResult());
        }, iter: 60, threads: 1);
    }

    [Fact]
    public async Task Cuts_that_each_let_some_bytes_through_are_never_too_many()
    {
        for (var i = 0; i < 40; i++)
            _server.FileFaults.Enqueue(new Fault(CutAfter: i == 0 ? 2 : 100));
        var pull = await Pull();
        AssertComplete(pull);
        Assert.Equal(5002, pull.FetchedBytes);
        Assert.Contains(_server.Requests, r => r.Contains("Range: bytes=3900-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_that_never_gets_further_is_given_up()
    {
        for (var i = 0; i < 20; i++)
            _server.FileFaults.Enqueue(new Fault(CutAfter: 0));
        Assert.Contains($"failed {HubRetry.MaxFailures} times", await Refusal(), StringComparison.Ordinal);
        Assert.Equal(20 - HubRetry.MaxFailures, _server.FileFaults.Count);
        Assert.False(Directory.Exists(_cache.File("models--org--tiny/snapshots")));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Retry_after_is_honoured(int status)
    {
        _server.ListFaults.Enqueue(new Fault(status, "Retry-After: 40\r\n"));
        _server.FileFaults.Enqueue(new Fault(status, "Retry-After: 50\r\n"));
        _server.FileFaults.Enqueue(new Fault(status));
        AssertComplete(await Pull());
        Assert.Equal([40, 50], _time.Waits.Take(2).Select(w => w.TotalSeconds));
        Assert.InRange(_time.Waits.ElementAt(2).TotalSeconds, 0.5, 1);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    public async Task Wrong_bytes_are_refused_and_deleted(string name)
    {
        if (name != "config.json")
            await File.WriteAllBytesAsync(Made(Blob("config.json")), _server.Files["config.json"]);
        _server.FileFaults.Enqueue(new Fault(Spoil: true));
        Assert.Contains($"{name} arrived with another content", await Refusal(), StringComparison.Ordinal);
        Assert.False(File.Exists(Blob(name)));
        Assert.False(File.Exists($"{Blob(name)}.incomplete"));
        Assert.False(Directory.Exists(_cache.File("models--org--tiny/snapshots")));
        AssertComplete(await Pull());
    }

    [Fact]
    public async Task A_wrong_part_of_an_earlier_run_is_fetched_afresh()
    {
        await File.WriteAllBytesAsync(Made($"{Weights}.incomplete"), new byte[3000]);
        AssertComplete(await Pull());
    }

    [Fact]
    public async Task A_part_that_is_too_long_is_fetched_afresh()
    {
        await File.WriteAllBytesAsync(Made($"{Weights}.incomplete"), new byte[6000]);
        AssertComplete(await Pull());
    }

    [Fact]
    public async Task An_interrupted_pull_leaves_no_snapshot_and_the_next_goes_on()
    {
        _server.FileFaults.Enqueue(new Fault());
        _server.FileFaults.Enqueue(new Fault(CutAfter: 2000));
        _server.FileFaults.Enqueue(new Fault(Silent: true));
        using var stop = new CancellationTokenSource();
        var pull = Pull(cancellation: stop.Token);
        while (!_server.Requests.Any(r => r.Contains("Range: bytes=2000-", StringComparison.Ordinal)))
            await Task.Delay(5);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.False(Directory.Exists(_cache.File("models--org--tiny/snapshots")));
        Assert.Null(new HubCache(_cache.Path).Find(s_model));

        var next = await Pull();
        AssertComplete(next);
        Assert.Equal(3000, next.FetchedBytes);
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_and_tried_again()
    {
        _server.FileFaults.Enqueue(new Fault(Silent: true));
        using var client = new HubClient(Settings with { Silence = TimeSpan.FromSeconds(1) });
        AssertComplete(await client.PullAsync(s_model));
        Assert.True(_server.Requests.Count(r => r.Contains("/resolve/", StringComparison.Ordinal)) >= 3);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_where_it_redirects_to()
    {
        using var other = new HubServer();
        _server.Redirect = other.Address;
        AssertComplete(await Pull(Settings with { Token = "hf_secret" }));
        Assert.All(_server.Requests, r => Assert.Contains("Authorization: Bearer hf_secret\r\n", r, StringComparison.Ordinal));
        Assert.Equal(2, other.Requests.Count);
        Assert.All(other.Requests, r => Assert.DoesNotContain("hf_secret", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_address_is_asked_for_again()
    {
        using var other = new HubServer();
        other.FileFaults.Enqueue(new Fault(403));
        _server.Redirect = other.Address;
        AssertComplete(await Pull());
        Assert.Equal(3, other.Requests.Count);
    }

    [Theory]
    [InlineData(401, "", "HF_TOKEN", "licence")]
    [InlineData(403, "X-Error-Code: GatedRepo\r\n", "HF_TOKEN", "licence")]
    [InlineData(404, "X-Error-Code: RevisionNotFound\r\n", "no revision main", "--revision")]
    [InlineData(404, "", "no model org/tiny", "main")]
    public async Task A_refusal_is_final_and_says_the_way_out(int status, string headers, string part, string wayOut)
    {
        _server.ListFaults.Enqueue(new Fault(status, headers));
        var message = await Refusal();
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains(wayOut, message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("../../escape.safetensors", 1, null)]
    [InlineData("/etc/model.safetensors", 1, null)]
    [InlineData("a//b", 1, null)]
    [InlineData("a\\\\..\\\\b", 1, null)]
    [InlineData("config.json", 2_000_000_000_000_000, null)]
    [InlineData("config.json", -1, null)]
    [InlineData("config.json", 1, "../../../x")]
    [InlineData("config.json", 1, "0123")]
    public async Task A_list_that_would_do_harm_is_refused(string path, long size, string? hash)
    {
        _server.List = $$"""{"sha":"{{HubServer.Commit}}","siblings":[{"rfilename":"{{path}}","size":{{size}},"blobId":"{{hash ?? HubServer.Commit}}"}]}""";
        Assert.Contains("nothing was fetched", await Refusal(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Path));
    }

    [Fact]
    public async Task More_than_the_disk_holds_is_refused_before_it_is_fetched()
    {
        _server.List = $$"""{"sha":"{{HubServer.Commit}}","siblings":[{"rfilename":"config.json","size":2,"blobId":"{{HubServer.Commit}}"},{{string.Join(',', Enumerable.Range(0, 99).Select(i => $$"""{"rfilename":"{{i}}.safetensors","size":1000000000000,"blobId":"{{i:D40}}"}"""))}}]}""";
        Assert.Contains("free", await Refusal(), StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Offline_the_cache_answers_alone()
    {
        var offline = Settings with { Offline = true };
        Assert.Contains("HF_HUB_OFFLINE", await Refusal(offline), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        var folder = (await Pull()).Folder;
        var asked = _server.Requests.Count;
        Assert.Equal(folder, (await Pull(offline)).Folder);
        Assert.Equal(folder, (await Pull(offline, s_model.At(HubServer.Commit))).Folder);
        Assert.Contains("org/tiny@other", await Refusal(offline, s_model.At("other")), StringComparison.Ordinal);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public async Task Two_pulls_at_once_fetch_each_file_once()
    {
        var pulls = await Task.WhenAll(Pull(), Pull(), Pull());
        Assert.All(pulls, AssertComplete);
        Assert.Equal(5002, pulls.Sum(p => p.FetchedBytes));
    }

    [Fact]
    public async Task Files_come_side_by_side()
    {
        for (var i = 0; i < 8; i++)
            _server.Files[$"model-{i}.safetensors"] = HubServer.Bytes(1000 + i);
        var pull = await Pull(Settings with { Jobs = 8 });
        AssertComplete(pull);
        Assert.Equal(10, pull.Files.Count);
    }

    private static string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
