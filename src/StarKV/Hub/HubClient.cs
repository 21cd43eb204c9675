namespace StarKV.Hub;

/// <summary>Fetches checkpoints from a hub into the cache that the Python tools share. Nothing half-written ever appears in a snapshot.</summary>
/// <remarks>Not thread-safe: one pull at a time. Several clients, also of several processes, may share a cache.</remarks>
public sealed class HubClient : IDisposable
{
    private const int MaxListBytes = 64 << 20;

    private readonly HubSettings _settings;
    private readonly HttpClient _http;
    private readonly HubCache _cache;
    private readonly HubRequests _requests;
    private readonly HubRetry _retry;
    private readonly BlobDownload _download;

    /// <summary>Creates a client.</summary>
    /// <param name="settings">Where the hub and the cache are.</param>
    /// <param name="handler">Sends the requests, must not follow redirects itself; null for the system's.</param>
    /// <param name="time">Clock of the waits; null for the system's.</param>
    /// <param name="random">Spreads the waits; null for one without a seed.</param>
    public HubClient(HubSettings settings, HttpMessageHandler? handler = null, TimeProvider? time = null, Random? random = null)
    {
        if (settings.Jobs is < 1 or > 16)
            throw new StarKvException($"{settings.Jobs} files at the same time are not possible; 1 to 16 are.");
        time ??= TimeProvider.System;
        _settings = settings;
        _cache = new HubCache(settings.CacheFolder);
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        _requests = new HubRequests(_http, settings, time);
        _retry = new HubRetry(time, random ?? new Random());
        _download = new BlobDownload(_requests, _retry, settings, _cache, time);
    }

    /// <summary>Brings a model's checkpoint into the cache, or what of it is missing.</summary>
    /// <param name="model">The model and its revision.</param>
    /// <param name="include">Globs of further files.</param>
    /// <param name="progress">Told of every piece, one at a time; may be null.</param>
    /// <param name="cancellation">Ends the pull; the next one goes on where it was.</param>
    /// <exception cref="StarKvException">The hub refuses, cannot be reached, sends something wrong, or the disk is full.</exception>
    public async Task<HubPull> PullAsync(HubModel model, IReadOnlyList<string>? include = null, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_settings.Offline)
        {
            return _cache.Find(model) is { } held
                ? new HubPull(model, null, held, [], 0)
                : throw new StarKvException($"The cache {_cache.FolderPath} does not hold {model}, and HF_HUB_OFFLINE forbids to fetch it.");
        }

        var listing = await ListAsync(model, cancellation).ConfigureAwait(false);
        var files = CheckpointFiles.Choose(model, listing.Files, include ?? []);
        var blobs = files.DistinctBy(f => f.Hash).ToList();
        Directory.CreateDirectory(Path.GetDirectoryName(_cache.BlobPath(model, "x"))!);
        CheckSpace(model, blobs);

        var fetched = 0L;
        var telling = new Lock();
        void Tell(HubProgress value)
        {
            lock (telling)
                progress?.Report(value);
        }

        await Parallel.ForEachAsync(blobs, new ParallelOptions { MaxDegreeOfParallelism = _settings.Jobs, CancellationToken = cancellation }, async (file, stop) =>
        {
            var bytes = await _download.RunAsync(model, listing.Commit, file, at => Tell(new HubProgress(file, at, false)), stop).ConfigureAwait(false);
            Interlocked.Add(ref fetched, bytes);
            Tell(new HubProgress(file, file.Size, true));
        }).ConfigureAwait(false);
        return new HubPull(model, listing.Commit, _cache.Publish(model, listing.Commit, files), files, fetched);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<HubListing> ListAsync(HubModel model, CancellationToken cancellation)
    {
        try
        {
            var json = await _retry.RunAsync($"Asking {_settings.Endpoint.Host} for {model}", () => ReadListAsync(model, cancellation), () => 0, cancellation).ConfigureAwait(false);
            return HubListing.Parse(json, model);
        }
        catch (StarKvException e) when (e.InnerException is not null && _cache.Find(model) is not null)
        {
            throw new StarKvException($"{e.Message} The cache holds an earlier fetched {model}; --model {model} uses it without the network.", e);
        }
    }

    private async Task<byte[]> ReadListAsync(HubModel model, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_settings.Silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var response = await _requests.GetAsync(model, _requests.ListAddress(model), 0, either.Token).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(MaxListBytes, either.Token).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>Hours of fetching must not end at a full disk.</summary>
    private void CheckSpace(HubModel model, List<HubFile> blobs)
    {
        var missing = blobs.Where(f => !File.Exists(_cache.BlobPath(model, f.Hash)))
            .Sum(f => f.Size - Math.Min(f.Size, new FileInfo($"{_cache.BlobPath(model, f.Hash)}.incomplete") is { Exists: true } part ? part.Length : 0));
        var free = new DriveInfo(_cache.FolderPath).AvailableFreeSpace;
        if (missing > free)
            throw new StarKvException($"{model} needs {missing:N0} more bytes and {_cache.FolderPath} has {free:N0} free. Free space there, or set HF_HOME to another disk.");
    }
}
