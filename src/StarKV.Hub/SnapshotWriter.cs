using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>What a pull writes in the cache: blobs by hash, then a snapshot of links to them, then which commit the revision is.</summary>
/// <param name="cache">The cache.</param>
internal sealed class SnapshotWriter(HubCache cache)
{
    /// <summary>The folder that holds <c>models--ORG--NAME</c>.</summary>
    public string FolderPath => cache.FolderPath;

    /// <summary>The file of a blob.</summary>
    public string BlobPath(HubModel model, string hash) => Path.Combine(FolderPath, model.FolderName, "blobs", hash);

    /// <summary>The file whose lock says that a blob is being fetched; the Python tools lock the same one.</summary>
    public string LockPath(HubModel model, string hash) => Path.Combine(FolderPath, ".locks", model.FolderName, $"{hash}.lock");

    /// <summary>
    /// True when the snapshot shows a file in its full length, as a link or, in a copy of the cache that followed them, as a file.
    /// </summary>
    public bool Shows(HubModel model, string commit, HubFile file)
    {
        var shown = new FileInfo(Path.Combine(cache.SnapshotPath(model, commit), file.Path));
        return PartialBlob.IsThere(
            shown.LinkTarget is null ? shown.FullName : shown.ResolveLinkTarget(returnFinalTarget: true)!.FullName, file);
    }

    /// <summary>
    /// Makes a snapshot of complete blobs, then says that the revision is this commit. What is there already is not written again.
    /// </summary>
    /// <returns>The snapshot's folder.</returns>
    public string Publish(HubModel model, string commit, IEnumerable<HubFile> files)
    {
        var snapshot = cache.SnapshotPath(model, commit);
        // The configuration is what HubCache.Find looks for, so it comes last.
        foreach (var file in files.OrderBy(f => f.Path == "config.json"))
        {
            var link = Path.Combine(snapshot, file.Path);
            var parent = Path.GetDirectoryName(link)!;
            var target = Path.GetRelativePath(parent, BlobPath(model, file.Hash));
            if (Shows(model, commit, file))
                continue;
            Directory.CreateDirectory(parent);
            Replace(model, link, temporary => File.CreateSymbolicLink(temporary, target));
        }

        if (model.Revision != commit && cache.CommitOf(model) != commit)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(cache.RevisionPath(model))!);
            Replace(model, cache.RevisionPath(model), temporary => File.WriteAllText(temporary, commit));
        }

        return snapshot;
    }

    // A snapshot and the revisions hold nothing else even when the process is killed: what is being made is next to them.
    private void Replace(HubModel model, string path, Action<string> write)
    {
        var temporary = TemporaryName.In(Path.Combine(FolderPath, model.FolderName));
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
