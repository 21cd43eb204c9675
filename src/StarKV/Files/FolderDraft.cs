namespace StarKV.Files;

/// <summary>A folder that is being made, next to its place, under a separate name. It is removed again unless it is put there.</summary>
/// <param name="path">The draft.</param>
internal sealed class FolderDraft(string path) : IDisposable
{
    private bool _isOurs = true;

    /// <summary>Where files are written to.</summary>
    public string Path => path;

    /// <summary>Begins one for a place.</summary>
    public static FolderDraft For(string place)
    {
        var path = TemporaryName.In(System.IO.Path.GetDirectoryName(place)!);
        return FileCalls.MakeFolder(path) ? new FolderDraft(path) : throw new IOException("its temporary name is taken");
    }

    /// <summary>Puts it where nothing or an empty folder is, whose rights it keeps.</summary>
    public void PutAt(string place)
    {
        FileRights.Of(place)?.Give(path);
        FileCalls.MoveFolder(path, place);
        _isOurs = false;
    }

    /// <summary>
    /// Puts it in another folder's place. Both exist in every moment: they are exchanged in one step, or the other one is moved aside and
    /// stays there under a separate name, should this be interrupted.
    /// </summary>
    /// <param name="place">The other folder.</param>
    /// <param name="exchange">Exchanges two folders in one step, if that can be done.</param>
    /// <returns>Where the other folder is now.</returns>
    public string Replace(string place, Func<string, string, bool> exchange)
    {
        foreach (var file in Directory.EnumerateFiles(path))
        {
            // What takes the place of something must not be lost with the machine's power.
            using var handle = File.OpenHandle(file, access: FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        FileRights.Of(place)?.Give(path);
        if (exchange(path, place))
        {
            _isOurs = false;
            return path;
        }

        var aside = TemporaryName.Aside(place);
        FileCalls.MoveFolder(place, aside);
        try
        {
            FileCalls.MoveFolder(path, place);
        }
        catch
        {
            FileCalls.MoveFolder(aside, place);
            throw;
        }

        _isOurs = false;
        return aside;
    }

    /// <summary>Removes it with what was written into it, unless it has its place.</summary>
    public void Dispose()
    {
        if (!_isOurs)
            return;
        _isOurs = false;
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            // What went wrong before is said; this would hide it.
        }
    }
}
