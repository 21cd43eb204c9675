namespace StarKV.Files;

/// <summary>What a folder that this program made holds. Only a folder of the same kind takes its place.</summary>
/// <param name="Name">What its marker says, and messages.</param>
internal sealed record FolderKind(string Name)
{
    /// <value>Whether files of these names are such a folder from before there were markers; default never.</value>
    public Func<IReadOnlyCollection<string>, bool> IsOlder { get; init; } = _ => false;
}
