using StarKV.Cli.Commands;
using StarKV.Cli.Tests.Hub;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A complete cache on a read-only mount made a pull wait without end and without a word: every fault of the lock was taken for another program.</summary>
[Trait("outside", "2.7")]
public sealed class LocksThatNobodyNeeded : IDisposable
{
    private static readonly HubModel s_model = HubModel.Parse("org/tiny");

    private readonly HubServer _server = new();
    private readonly TempFolder _home = new();

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    private HubSettings Settings => new() { Endpoint = _server.Address, CacheFolder = _home.File("hub"), Jobs = 1, Silence = TimeSpan.FromHours(2) };

    private string Weights => Path.Combine("models--org--tiny", "blobs", HubServer.HashOf("model.safetensors", _server.Files["model.safetensors"]));

    private string Lock => _home.File($"hub/.locks/models--org--tiny/{Path.GetFileName(Weights)}.lock");

    private async Task<HubPull> Pull(IProgress<HubProgress>? progress = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        using var client = new HubClient(Settings, time: time ?? new HurriedTime(), random: new Random(1));
        return await client.PullAsync(s_model, null, progress, cancellation);
    }

    private void AssertComplete(string folder)
    {
        foreach (var name in new[] { "config.json", "model.safetensors" })
            Assert.Equal(_server.Files[name], File.ReadAllBytes(Path.Combine(folder, name)));
        Assert.Empty(Directory.GetFiles(_home.Path, "*.incomplete", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_complete_cache_is_neither_locked_nor_written()
    {
        var first = await Pull();
        var locks = Directory.GetFiles(_home.File("hub/.locks"), "*", SearchOption.AllDirectories).Select(path => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)).ToList();
        Assert.Equal(2, locks.Count);
        var before = Written();
        var again = await Pull();
        Assert.Equal((first.Folder, 0), (again.Folder, again.FetchedBytes));
        Assert.Equal(before, Written());
        locks.ForEach(held => held.Dispose());

        List<(string, DateTime)> Written() => [.. Directory.GetFileSystemEntries(_home.Path, "*", SearchOption.AllDirectories).Order().Select(e => (e, File.GetLastWriteTimeUtc(e)))];
    }

    [Fact]
    public async Task A_copy_of_the_cache_that_followed_its_links_is_complete_too()
    {
        var folder = (await Pull()).Folder;
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            File.Delete(Path.Combine(folder, name));
            await File.WriteAllBytesAsync(Path.Combine(folder, name), _server.Files[name]);
        }

        Directory.Delete(_home.File("hub/models--org--tiny/blobs"), recursive: true);
        Assert.Equal(0, (await Pull()).FetchedBytes);
        File.Delete(Path.Combine(folder, "model.safetensors"));
        Assert.Equal(5000, (await Pull()).FetchedBytes);
        AssertComplete(folder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_that_cannot_be_opened_is_an_error_at_once(bool folderInItsPlace)
    {
        if (folderInItsPlace)
            Directory.CreateDirectory(Lock);
        else
            _home.Write(Made("hub/.locks"), "a file where the folder belongs");
        var message = (await Assert.ThrowsAsync<StarKvException>(() => Pull())).Message;
        Assert.Contains($"The cache {_home.File("hub")} cannot be used", message, StringComparison.Ordinal);
        Assert.Contains("HF_HOME", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_says_for_whom_and_ends_with_it()
    {
        var told = new Told();
        Task<HubPull> pull;
        using (new FileStream(Made(Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            pull = Pull(told);
            var whom = (await told.Wait.Task).WaitsFor!;
            Assert.EndsWith($", which holds {Lock}", whom, StringComparison.Ordinal);
            if (File.ReadAllText("/proc/locks").Contains($" {Environment.ProcessId} ", StringComparison.Ordinal))
                Assert.StartsWith($"process {Environment.ProcessId} (", whom, StringComparison.Ordinal);
            Assert.False(pull.IsCompleted);
        }

        AssertComplete((await pull).Folder);
        Assert.Equal(1, told.Waits);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var held = new FileStream(Made(Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var stop = new CancellationTokenSource();
        var told = new Told();
        var pull = Pull(told, TimeProvider.System, stop.Token);
        await told.Wait.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void The_command_shows_the_wait()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var lines = new PullProgress.Lines(writer.WriteLine, new SteppedTime());
        lines.Report(new HubProgress(new HubFile("a.json", 4, ""), 0, false) { WaitsFor = "process 7 (python3), which holds /a.lock" });
        lines.Report(new HubProgress(new HubFile("a.json", 4, ""), 4, true));
        Assert.Equal("a.json: waiting for process 7 (python3), which holds /a.lock\na.json: 4 B\n", writer.ToString());
    }

    [Fact]
    public async Task Who_is_overtaken_where_locks_do_nothing_takes_what_is_there()
    {
        var overtaken = false;
        var progress = new Told
        {
            OnBytes = value =>
            {
                if (overtaken || value.File.Path != "model.safetensors")
                    return;
                overtaken = true;
                File.Delete(_home.File($"hub/{Weights}.incomplete"));
                File.WriteAllBytes(_home.File($"hub/{Weights}"), _server.Files["model.safetensors"]);
            },
        };
        AssertComplete((await Pull(progress)).Folder);
        Assert.True(overtaken);
    }

    [Fact]
    public void Two_pulls_without_working_locks_both_end_well()
    {
        var both = new TaskCompletionSource();
        var asked = 0;
        _server.BeforeFile = head =>
        {
            if (head.Contains("/model.safetensors ", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 2)
                both.TrySetResult();
            return head.Contains("/model.safetensors ", StringComparison.Ordinal) ? both.Task : Task.CompletedTask;
        };
        (string, string?)[] noLocks = [("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1")];
        using var first = PullProcess.Start(_home, _server, ["pull", "org/tiny"], noLocks);
        using var second = PullProcess.Start(_home, _server, ["pull", "org/tiny"], noLocks);
        foreach (var process in new[] { first, second })
        {
            var run = PullProcess.End(process);
            Assert.Equal((ExitCodes.Success, _home.File($"hub/models--org--tiny/snapshots/{HubServer.Commit}\n")), (run.ExitCode, run.Out));
        }

        Assert.Equal(2, asked);
        AssertComplete(_home.File($"hub/models--org--tiny/snapshots/{HubServer.Commit}"));
    }

    private string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_home.File(path))!);
        return path;
    }

    private sealed class Told : IProgress<HubProgress>
    {
        public TaskCompletionSource<HubProgress> Wait { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<HubProgress>? OnBytes { get; init; }

        public int Waits { get; private set; }

        public void Report(HubProgress value)
        {
            if (value.WaitsFor is not null)
            {
                Waits++;
                Wait.TrySetResult(value);
            }
            else if (value.Bytes > 0 && !value.IsDone)
            {
                OnBytes?.Invoke(value);
            }
        }
    }
}
