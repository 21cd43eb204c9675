using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>
/// Fetches checkpoints from a hub into the cache that the Python tools share. Nothing half-written ever appears in a snapshot.
/// </summary>
/// <remarks>Not thread-safe: one pull at a time. Several clients, also of several processes, may share a cache.</remarks>
public sealed class HubClient : IDisposable
{
    private const int MaxListBytes = 64 << 20;

    private readonly HubSettings _settings;
    private readonly HttpClient _http;
    private readonly HubCache _cache;
    private readonly SnapshotWriter _snapshots;
    private readonly HubRequests _requests;
    private readonly HubRetry _retry;
    private readonly BlobDownload _download;

    /// <summary>Creates a client that sends its requests as the system does.</summary>
    /// <param name="settings">Where the hub and the cache are.</param>
    public HubClient(HubSettings settings) : this(settings, handler: null)
    {
    }

    /// <summary>Creates a client.</summary>
    /// <param name="settings">Where the hub and the cache are.</param>
    /// <param name="handler">Sends the requests, must not follow redirects itself; null for the system's.</param>
    /// <param name="time">Clock of the waits; null for the system's.</param>
    /// <param name="random">Spreads the waits; null for one without a seed.</param>
    public HubClient(HubSettings settings, HttpMessageHandler? handler = null, TimeProvider? time = null, Random? random = null)
    {
        time ??= TimeProvider.System;
        _settings = settings;
        _cache = new HubCache(settings.CacheFolder);
        _snapshots = new SnapshotWriter(_cache);
        _http = new HttpClient(
            handler ?? new SocketsHttpHandler { AllowAutoRedirect = false },
            disposeHandler: handler is null)
        { Timeout = Timeout.InfiniteTimeSpan };
        _requests = new HubRequests(_http, settings, time);
        _retry = new HubRetry(time, random ?? new Random());
        _download = new BlobDownload(_requests, _retry, settings, _snapshots, time);
    }

    /// <summary>Brings a model's checkpoint into the cache, or what of it is missing.</summary>
    /// <param name="model">The model and its revision.</param>
    /// <param name="include">Globs of further files.</param>
    /// <param name="progress">Told of every piece, one at a time; may be null.</param>
    /// <param name="cancellation">Ends the pull; the next one goes on where it was.</param>
    /// <exception cref="StarKvException">
    /// The hub refuses, cannot be reached, sends something wrong, or the cache cannot be written.
    /// </exception>
    public async Task<HubPull> PullAsync(
        HubModel model, IReadOnlyList<string>? include = null, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        try
        {
            return await BringAsync(model, include ?? [], progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StarKvException($"The cache {_cache.FolderPath} cannot be used: {e.Message.TrimEnd('.')}. " +
                $"Set HF_HOME to a folder that can be written.", e);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<HubPull> BringAsync(
        HubModel model, IReadOnlyList<string> include, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        if (_settings.Offline)
        {
            return _cache.Find(model) is { } held
                ? new HubPull(model, null, held, [], 0)
                : throw new StarKvException($"The cache {_cache.FolderPath} does not hold {model}, " +
                    $"and HF_HUB_OFFLINE forbids to fetch it.");
        }

        var listing = await ListAsync(model, cancellation).ConfigureAwait(false);
        var files = await CompleteAsync(model, listing.Commit, CheckpointFiles.Choose(model, listing.Files, include), cancellation)
            .ConfigureAwait(false);
        HubListing.CheckSizes(files, model);
        var missing = files.Where(f => !_snapshots.Shows(model, listing.Commit, f)).DistinctBy(f => f.Hash).ToList();
        if (missing.Count > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_snapshots.BlobPath(model, "x"))!);
            CheckSpace(model, missing);
        }

        var fetched = 0L;
        var telling = new Lock();
        void Tell(HubProgress value)
        {
            lock (telling)
                progress?.Report(value);
        }

        foreach (var file in files.ExceptBy(missing.Select(f => f.Hash), f => f.Hash))
            Tell(new HubProgress(file, file.Size, true));
        await Parallel.ForEachAsync(missing,
            new ParallelOptions { MaxDegreeOfParallelism = _settings.Jobs, CancellationToken = cancellation }, async (file, stop) =>
        {
            var bytes = await _download.RunAsync(
                model, listing.Commit, file, at => Tell(new HubProgress(file, at, false)), whom => Tell(
                    new HubProgress(file, 0, false) { WaitsFor = whom }), stop).ConfigureAwait(false);
            Interlocked.Add(ref fetched, bytes);
            Tell(new HubProgress(file, file.Size, true));
        }).ConfigureAwait(false);
        return new HubPull(model, listing.Commit, _snapshots.Publish(model, listing.Commit, files), files, fetched);
    }

    private async Task<HubListing> ListAsync(HubModel model, CancellationToken cancellation)
    {
        try
        {
            var json = await _retry.RunAsync($"Asking {_settings.Endpoint.Host} for " +
                $"{model}", () => ReadListAsync(model, cancellation), () => 0, cancellation).ConfigureAwait(false);
            return HubListing.Parse(json, model);
        }
        catch (StarKvException e) when (_cache.Find(model) is not null)
        {
            throw new StarKvException($"{e.Message} The cache holds an earlier fetched {model}; " +
                $"--model {model} uses it without the network.", e);
        }
    }

    private async Task<byte[]> ReadListAsync(HubModel model, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_settings.Silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var response = await _requests.GetAsync(model, _requests.ListAddress(model), 0, either.Token).ConfigureAwait(false);
        var what = $"the list of the files of {model}";
        HubBody.CheckIsNoPage(response, what);
        var body = await HubBody.OpenAsync(response, what, either.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        var list = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await HubBody.ReadAsync(body, buffer, what, either.Token).ConfigureAwait(false)) > 0;)
        {
            silence.CancelAfter(_settings.Silence);
            list.Write(buffer, 0, read);
            if (list.Length > MaxListBytes)
                throw new StarKvException($"{_settings.Endpoint.Host} sends more than {MaxListBytes:N0} " +
                    $"bytes as {what}; nothing was fetched.");
        }

        return list.ToArray();
    }

    /// <summary>
    /// Asks for size and hash of each file of which the list gives the name alone: the headers of the file may have them.
    /// </summary>
    private async Task<IReadOnlyList<HubFile>> CompleteAsync(
        HubModel model, string commit, IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        var complete = files.ToArray();
        for (var i = 0; i < complete.Length; i++)
        {
            var path = complete[i].Path;
            if (complete[i].IsComplete)
                continue;
            var head = await _retry.RunAsync(path, () => ReadHeadAsync(model, commit, path, cancellation), () => 0, cancellation)
                .ConfigureAwait(false);
            if (head is not ({ } size, { Length: HubFile.Sha256Digits or HubFile.Sha1Digits } hash))
                throw new StarKvException($"{_settings.Endpoint.Host} gives no size or no hash of {path}, " +
                    $"neither in its list of the files of {model} nor in the file's headers, so what arrives could not be checked. " +
                        $"Give another address in HF_ENDPOINT or --endpoint.");
            complete[i] = HubListing.Checked(new HubFile(path, size, hash), hash.Length, model);
        }

        return complete;
    }

    private async Task<(long? Size, string? Hash)> ReadHeadAsync(HubModel model, string commit, string path, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_settings.Silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        return await _requests.HeadAsync(model, _requests.FileAddress(model, commit, path), either.Token).ConfigureAwait(false);
    }

    /// <summary>Hours of fetching must not end at a full disk.</summary>
    private void CheckSpace(HubModel model, List<HubFile> blobs)
    {
        var missing = blobs.Where(f => !File.Exists(_snapshots.BlobPath(model, f.Hash)))
            .Sum(
                f => f.Size - Math.Min(
                    f.Size, new FileInfo($"{_snapshots.BlobPath(model, f.Hash)}.incomplete") is { Exists: true } part ? part.Length : 0));
        var free = new DriveInfo(_cache.FolderPath).AvailableFreeSpace;
        if (missing > free)
            throw new StarKvException($"{model} needs {missing:N0} more bytes and {_cache.FolderPath} has {free:N0} free. " +
                $"Free space there, or set HF_HOME to another disk.");
    }
}
