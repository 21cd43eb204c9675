using StarKV.Files;

namespace StarKV.Weights;

/// <summary>
/// Finds models in the cache that the Python tools use too: blobs by hash, snapshots of links to them, and which commit a revision was.
/// </summary>
/// <remarks>Nothing here asks the network or writes; what fetches is <c>StarKV.Hub.HubClient</c>.</remarks>
/// <param name="folder">The folder that holds <c>models--ORG--NAME</c>.</param>
public sealed class HubCache(string folder)
{
    /// <summary>The folder that holds <c>models--ORG--NAME</c>.</summary>
    public string FolderPath { get; } = folder;

    /// <summary>
    /// Returns the folder of a model given as a path or as <c>ORG/NAME[@REVISION]</c>. A folder that exists wins; the network is not asked.
    /// What has neither form nor folder comes back as a full path, for the messages of who opens it.
    /// </summary>
    /// <exception cref="StarKvException">
    /// It has the form of a model of the hub, and neither the folder exists nor does the cache hold it.
    /// </exception>
    public static string Resolve(string model) =>
        Resolve(model, () => new HubEnvironment(Environment.GetEnvironmentVariable).CacheFolder());

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
        var commit = CommitOf(model) ?? model.Revision;
        if (commit.Contains('/') || commit is "" or "." or "..")
            return null;
        var snapshot = SnapshotPath(model, commit);
        return File.Exists(Path.Combine(snapshot, "config.json")) ? snapshot : null;
    }

    /// <summary>The folder of a snapshot, whether it exists or not.</summary>
    /// <param name="model">The model.</param>
    /// <param name="commit">The commit, 40 hexadecimal digits.</param>
    public string SnapshotPath(HubModel model, string commit) => Path.Combine(FolderPath, model.FolderName, "snapshots", commit);

    /// <summary>The file that names the commit of the model's revision, whether it exists or not.</summary>
    public string RevisionPath(HubModel model) => Path.Combine(FolderPath, model.FolderName, "refs", model.Revision);

    /// <summary>The commit that the model's revision was when it was fetched; null when the cache does not say.</summary>
    /// <exception cref="StarKvException">The file that says it cannot be read.</exception>
    public string? CommitOf(HubModel model)
    {
        var revision = RevisionPath(model);
        return File.Exists(revision) ? PlainFile.ReadAllText(revision, max: 4096).Trim() : null;
    }
}
