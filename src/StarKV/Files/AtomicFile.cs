using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>
/// Writes files that are complete or absent. Links are followed, devices and pipes refused, the rights of a file that is replaced kept;
/// folders that are missing are made.
/// </summary>
[Experimental("STARKV001")]
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public static void Write(string path, byte[] bytes, string what)
    {
        using var file = new FileSet();
        file.Add(path, bytes, what);
        file.Put();
    }

    /// <summary>Writes a file piece by piece: one that is too large to be held twice.</summary>
    /// <param name="path">Where.</param>
    /// <param name="write">Writes its content; what it throws leaves nothing.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    internal static void Write(string path, Action<FileStream> write, string what)
    {
        using var file = new FileSet();
        file.Add(path, write, what);
        file.Put();
    }

    /// <summary>
    /// Looks whether <see cref="Write(string, byte[], string)"/> could write a file now, and leaves nothing there: what takes long asks
    /// first.
    /// </summary>
    /// <inheritdoc cref="Write(string, byte[], string)"/>
    public static void Check(string path, string what) => WritablePlace.Check(OutputFile.Place(path, what), what, path);

    /// <summary>Looks whether files could be written into a folder, which may be missing, and leaves nothing there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="what">What the message calls it.</param>
    /// <exception cref="StarKvException">It is a file, or nothing can be written there.</exception>
    public static void CheckFolder(string path, string what)
    {
        try
        {
            WritablePlace.Check(TemporaryName.In(RealPath.Of(path)), what, path);
        }
        catch (Exception e) when (OutputReason.IsOfPaths(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }
}
