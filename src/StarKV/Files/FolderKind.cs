namespace StarKV.Files;

/// <summary>What a folder that this program made holds. Only a folder of the same kind takes its place.</summary>
/// <param name="name">What its marker says, and messages.</param>
#pragma warning disable IDE0040 // Public in the engine (SharedWithMiniGui.cs), internal in StarKV.MiniGui, which compiles this file too.
sealed partial class FolderKind(string name)
#pragma warning restore IDE0040
{
    /// <value>Whether files of these names are such a folder from before there were markers; default never.</value>
    public Func<IReadOnlyCollection<string>, bool> IsOlder { get; init; } = _ => false;

    /// <value>What its marker says, and messages.</value>
    internal string Name => name;
}
