namespace StarKV.Files;

/// <summary>The folders that had to be made for an output. They are removed again when it fails, as far as they are empty.</summary>
internal sealed class NewFolders : IDisposable
{
    private readonly List<string> _made = [];

    private NewFolders() { }

    /// <summary>Makes a folder and those above it that are missing.</summary>
    /// <param name="folder">A full path.</param>
    /// <exception cref="IOException">One of them cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be made.</exception>
    public static NewFolders For(string folder)
    {
        var missing = new Stack<string>();
        for (var at = folder; FileStatus.Of(at).Kind != FileKind.Folder && at != "/"; at = Path.GetDirectoryName(at)!)
            missing.Push(at);
        var folders = new NewFolders();
        try
        {
            foreach (var path in missing)
                if (FileCalls.MakeFolder(path))
                    folders._made.Add(path);
            return folders;
        }
        catch
        {
            folders.Dispose();
            throw;
        }
    }

    /// <summary>Lets them stay.</summary>
    public void Keep() => _made.Clear();

    /// <summary>Removes them, the deepest first, unless they were kept or hold something.</summary>
    public void Dispose()
    {
        try
        {
            foreach (var path in _made.AsEnumerable().Reverse())
                Directory.Delete(path);
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            // Somebody put something into it.
        }

        _made.Clear();
    }
}
