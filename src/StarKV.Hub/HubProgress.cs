using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>How far a file has come.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Bytes of it that are in the cache.</param>
/// <param name="IsDone">True once, when the file is complete and its hash is right.</param>
public readonly record struct HubProgress(HubFile File, long Bytes, bool IsDone)
{
    /// <summary>
    /// Who is waited for, in words, when another program has been fetching the file for a while; null otherwise. Cancelling the pull ends
    /// the wait.
    /// </summary>
    public string? WaitsFor { get; init; }
}

/// <summary>What a pull brought.</summary>
/// <param name="Model">The model and its revision.</param>
/// <param name="Commit">The commit that the revision is; null when the hub was not asked.</param>
/// <param name="Folder">The snapshot's folder.</param>
/// <param name="Files">The files of the snapshot that were asked for; empty when the hub was not asked.</param>
/// <param name="FetchedBytes">Bytes that came over the network.</param>
public sealed record HubPull(HubModel Model, string? Commit, string Folder, IReadOnlyList<HubFile> Files, long FetchedBytes)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Model}: {ListText.Count(Files.Count, "file")} in {Folder}";
}
