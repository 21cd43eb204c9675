using System.Net;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>Brings one file into the cache: takes up what is there, goes on after each cut, checks size and hash, renames.</summary>
internal sealed class BlobDownload(HubRequests requests, HubRetry retry, HubSettings settings, SnapshotWriter cache, TimeProvider time)
{
    private static readonly TimeSpan s_lockPoll = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_quietWait = TimeSpan.FromSeconds(1.5);

    /// <summary>Returns the bytes that came over the network.</summary>
    /// <param name="model">The model.</param>
    /// <param name="commit">The commit that its revision is.</param>
    /// <param name="file">The file.</param>
    /// <param name="tell">Told of the bytes that are there.</param>
    /// <param name="tellWait">Told once of whom is waited for, when the wait is no short one.</param>
    /// <param name="cancellation">Ends the fetching and the waiting.</param>
    /// <exception cref="StarKvException">The hub refuses, or what it sends is wrong.</exception>
    public async Task<long> RunAsync(
        HubModel model, string commit, HubFile file, Action<long> tell, Action<string> tellWait, CancellationToken cancellation)
    {
        var path = cache.BlobPath(model, file.Hash);
        // A file that is there needs no lock, which a cache that cannot be written would refuse.
        if (PartialBlob.IsThere(path, file))
            return 0;
        using var hold = await LockAsync(cache.LockPath(model, file.Hash), () => PartialBlob.IsThere(path, file), tellWait, cancellation)
            .ConfigureAwait(false);
        if (PartialBlob.IsThere(path, file))
            return 0;

        using var part = await PartialBlob.OpenAsync($"{path}.incomplete", file, cancellation).ConfigureAwait(false);
        while (true)
        {
            var from = part.Length;
            tell(from);
            if (from < file.Size)
                await retry.RunAsync(file.Path, Attempt, () => part.Length, cancellation).ConfigureAwait(false);
            if (part.IsRight())
                break;
            part.Restart();
            // Another program, or a crash of the machine, may have left a wrong part: that is worth one fresh start.
            if (from == 0)
            {
                part.Delete();
                throw new StarKvException($"{file.Path} arrived with another content than the hub lists ({file.Hash}); it was deleted. " +
                    $"Try again later, or another endpoint.");
            }
        }

        part.Complete(path);
        return part.Fetched;

        async Task<bool> Attempt()
        {
            try
            {
                return await AttemptAsync(model, commit, file, part, tell, cancellation).ConfigureAwait(false);
            }
            catch (HubPartException)
            {
                part.Restart();
                throw;
            }
        }
    }

    private async Task<bool> AttemptAsync(
        HubModel model, string commit, HubFile file, PartialBlob part, Action<long> tell, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(settings.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var response = await requests.GetAsync(model, requests.FileAddress(model, commit, file.Path), part.Length, either.Token)
            .ConfigureAwait(false);
        HubBody.CheckIsFile(response, file);
        if (response.StatusCode == HttpStatusCode.PartialContent && HubBody.IsEncoded(response))
            throw new HubPartException("parts of the file come compressed, which cannot be joined");
        // A server that does not know ranges begins at 0; what is there already is read over.
        var skip = part.Length - HubRequests.Start(response);
        if (skip < 0)
            throw new HubBusyException("another part of the file came than was asked for");
        var body = await HubBody.OpenAsync(response, file.Path, either.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        var buffer = new byte[1 << 17];
        while (part.Length < file.Size)
        {
            silence.CancelAfter(settings.Silence);
            var read = await HubBody.ReadAsync(body, buffer, file.Path, either.Token).ConfigureAwait(false);
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

    /// <summary>Waits until no other process fetches this blob, or it is there.</summary>
    private async Task<FileStream?> LockAsync(string path, Func<bool> isThere, Action<string> tellWait, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = TimeSpan.Zero; !isThere(); waited += s_lockPoll)
        {
            if (HubLock.TryTake(path) is { } hold)
                return hold;
            if (waited == s_quietWait)
                tellWait(HubLock.Holder(path));
            await Task.Delay(s_lockPoll, time, cancellation).ConfigureAwait(false);
        }

        return null;
    }
}
