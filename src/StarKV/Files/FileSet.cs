using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>
/// Files that belong together. All are written to the disk next to their places first, then take them one after the other: a disk that is
/// full is noticed before the first does. Nothing is left of those that did not come that far.
/// </summary>
/// <remarks>Not thread-safe: one object serves one set of files.</remarks>
[Experimental("STARKV001")]
public sealed class FileSet : IDisposable
{
    private readonly List<Waiting> _waiting = [];
    private readonly List<NewFolders> _above = [];

    private sealed record Waiting(string Path, string What, string Place, string Temporary);

    /// <summary>Writes a file that waits for <see cref="Put"/>. Folders that are missing are made.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public void Add(string path, ReadOnlySpan<byte> bytes, string what) => Add(path, bytes, null, what);

    /// <summary>Writes a file piece by piece, which waits for <see cref="Put"/>.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="write">Writes its content; what it throws leaves nothing.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    internal void Add(string path, Action<FileStream> write, string what) => Add(path, [], write, what);

    private void Add(string path, ReadOnlySpan<byte> bytes, Action<FileStream>? write, string what)
    {
        var place = OutputFile.Place(path, what);
        try
        {
            _above.Add(NewFolders.For(Path.GetDirectoryName(place)!));
            var waiting = new Waiting(path, what, place, TemporaryName.In(Path.GetDirectoryName(place)!));
            var rights = FileRights.Of(place);
            using var file = NewFile.Create(waiting.Temporary, rights?.Mode);
            _waiting.Add(waiting);
            file.Write(bytes);
            write?.Invoke(file);
            rights?.Give(waiting.Temporary, file.SafeFileHandle);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }

    /// <summary>Gives all files their names, in the order in which they came.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte}, string)"/>
    public void Put()
    {
        while (_waiting is [var first, ..])
        {
            // It may have become a device since.
            if (OutputFile.Place(first.Path, first.What) != first.Place)
                throw OutputError.Of(first.What, first.Path, "its symbolic link was changed meanwhile");
            try
            {
                File.Move(first.Temporary, first.Place, overwrite: true);
            }
            catch (Exception e) when (OutputReason.IsOfFiles(e))
            {
                throw OutputError.Of(first.What, first.Path, OutputReason.Of(e), e);
            }

            _waiting.RemoveAt(0);
        }

        _above.ForEach(folders => folders.Keep());
    }

    /// <summary>Removes the files that wait, and the folders that were made for them as far as they are empty.</summary>
    public void Dispose()
    {
        try
        {
            _waiting.ForEach(w => File.Delete(w.Temporary));
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            // What went wrong before is said; this would hide it.
        }

        _waiting.Clear();
        foreach (var folders in _above.AsEnumerable().Reverse())
            folders.Dispose();
    }
}
