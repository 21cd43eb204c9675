namespace StarKV.Hub;

/// <summary>Brings one file into the cache: takes up what is there, goes on after each cut, checks size and hash, renames.</summary>
internal sealed class BlobDownload(HubRequests requests, HubRetry retry, HubSettings settings, HubCache cache, TimeProvider time)
{
    private static readonly TimeSpan s_lockPoll = TimeSpan.FromSeconds(0.5);

    /// <summary>Returns the bytes that came over the network.</summary>
    /// <exception cref="StarKvException">The hub refuses, or what it sends is wrong.</exception>
    public async Task<long> RunAsync(HubModel model, string commit, HubFile file, Action<long> tell, CancellationToken cancellation)
    {
        var path = cache.BlobPath(model, file.Hash);
        using var hold = await LockAsync(cache.LockPath(model, file.Hash), cancellation).ConfigureAwait(false);
        if (new FileInfo(path) is { Exists: true } there && there.Length == file.Size)
            return 0;

        using var part = await PartialBlob.OpenAsync($"{path}.incomplete", file, cancellation).ConfigureAwait(false);
        var fetched = 0L;
        while (true)
        {
            var from = part.Length;
            tell(from);
            if (from < file.Size)
                await retry.RunAsync(file.Path, () => AttemptAsync(model, commit, file, part, tell, cancellation), () => part.Length, cancellation).ConfigureAwait(false);
            fetched += part.Length - from;
            if (part.IsRight())
                break;
            part.Restart();
            // Another program, or a crash of the machine, may have left a wrong part: that is worth one fresh start.
            if (from == 0)
            {
                part.Delete();
                throw new StarKvException($"{file.Path} arrived with another content than the hub lists ({file.Hash}); it was deleted. Try again later, or another endpoint.");
            }
        }

        part.Complete(path);
        return fetched;
    }

    private async Task<bool> AttemptAsync(HubModel model, string commit, HubFile file, PartialBlob part, Action<long> tell, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(settings.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var response = await requests.GetAsync(model, requests.FileAddress(model, commit, file.Path), part.Length, either.Token).ConfigureAwait(false);
        // A server that does not know ranges begins at 0; what is there already is read over.
        var skip = part.Length - HubRequests.Start(response);
        if (skip < 0)
            throw new HubBusyException("another part of the file came than was asked for");
        var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        var buffer = new byte[1 << 17];
        while (part.Length < file.Size)
        {
            silence.CancelAfter(settings.Silence);
            var read = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            if (read == 0)
                throw new HubBusyException("the connection ended early");
            var known = (int)Math.Min(skip, read);
            skip -= known;
            var take = (int)Math.Min(read - known, file.Size - part.Length);
            if (take > 0)
                await part.AppendAsync(buffer.AsMemory(known, take), cancellation).ConfigureAwait(false);
            tell(part.Length);
        }

        return true;
    }

    /// <summary>Waits until no other process fetches this blob. The lock is the system's, so it ends with its process.</summary>
    private async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(s_lockPoll, time, cancellation).ConfigureAwait(false);
            }
        }
    }
}
