using StarKV.Files;

namespace StarKV.Hub;

/// <summary>The cache that the Python tools use too: blobs by hash, snapshots of links to them, and which commit a revision was.</summary>
/// <param name="folder">The folder that holds <c>models--ORG--NAME</c>.</param>
public sealed class HubCache(string folder)
{
    /// <summary>The folder that holds <c>models--ORG--NAME</c>.</summary>
    public string FolderPath { get; } = folder;

    /// <summary>
    /// Returns the folder of a model given as a path or as <c>ORG/NAME[@REVISION]</c>. A folder that exists wins; the network is not asked.
    /// What has neither form nor folder comes back as a full path, for the messages of who opens it.
    /// </summary>
    /// <exception cref="StarKvException">It has the form of a model of the hub, and neither the folder exists nor does the cache hold it.</exception>
    public static string Resolve(string model) => Resolve(model, () => new HubEnvironment(Environment.GetEnvironmentVariable).CacheFolder());

    internal static string Resolve(string model, Func<string> cacheFolder)
    {
        if (Directory.Exists(model) || string.IsNullOrWhiteSpace(model))
            return model;
        if (!HubModel.TryParse(model, out var wanted))
            return Path.GetFullPath(model);
        var cache = new HubCache(cacheFolder());
        return cache.Find(wanted) ?? throw new StarKvException(
            $"There is no folder {Path.GetFullPath(model)}, and the cache {cache.FolderPath} holds no model {model}. " +
            $"If a folder is meant, name it in full or as seen from {Environment.CurrentDirectory}. " +
            $"If a model of the hub is meant, fetch it: starkv pull {model}, or HubClient.PullAsync(HubModel.Parse(\"{model}\")) in code.");
    }

    /// <summary>Returns the folder of a model's snapshot, or null when the cache has none with a config.json.</summary>
    public string? Find(HubModel model)
    {
        var reference = RefPath(model);
        var commit = File.Exists(reference) ? Commit(reference) : model.Revision;
        if (commit.Contains('/') || commit is "" or "." or "..")
            return null;
        var snapshot = SnapshotPath(model, commit);
        return File.Exists(Path.Combine(snapshot, "config.json")) ? snapshot : null;
    }

    internal string BlobPath(HubModel model, string hash) => Path.Combine(FolderPath, model.FolderName, "blobs", hash);

    internal string SnapshotPath(HubModel model, string commit) => Path.Combine(FolderPath, model.FolderName, "snapshots", commit);

    /// <summary>The file whose lock says that a blob is being fetched; the Python tools lock the same one.</summary>
    internal string LockPath(HubModel model, string hash) => Path.Combine(FolderPath, ".locks", model.FolderName, $"{hash}.lock");

    /// <summary>True when the snapshot shows a file in its full length, as a link or, in a copy of the cache that followed them, as a file of its own.</summary>
    internal bool Shows(HubModel model, string commit, HubFile file)
    {
        var shown = new FileInfo(Path.Combine(SnapshotPath(model, commit), file.Path));
        return PartialBlob.IsThere(shown.LinkTarget is null ? shown.FullName : shown.ResolveLinkTarget(returnFinalTarget: true)!.FullName, file);
    }

    /// <summary>Makes a snapshot of complete blobs, then says that the revision is this commit. What is there already is not written again.</summary>
    internal string Publish(HubModel model, string commit, IEnumerable<HubFile> files)
    {
        var snapshot = SnapshotPath(model, commit);
        // The configuration is what Find looks for, so it comes last.
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

        if (model.Revision != commit && !(File.Exists(RefPath(model)) && Commit(RefPath(model)) == commit))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(RefPath(model))!);
            Replace(model, RefPath(model), temporary => File.WriteAllText(temporary, commit));
        }

        return snapshot;
    }

    /// <summary>The commit that the file of a revision names.</summary>
    private static string Commit(string reference) => PlainFile.ReadAllText(reference, max: 4096).Trim();

    private string RefPath(HubModel model) => Path.Combine(FolderPath, model.FolderName, "refs", model.Revision);

    // A snapshot and the revisions hold nothing else even when the process is killed: what is being made lies beside them.
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
