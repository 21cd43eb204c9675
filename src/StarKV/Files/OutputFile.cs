using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>Where a file that is written really goes: links are followed, and what is not a regular file is refused.</summary>
[Experimental("STARKV001")]
public static class OutputFile
{
    /// <summary>The place of a file.</summary>
    /// <param name="path">The place as its user wrote it.</param>
    /// <param name="what">What the message calls the file.</param>
    /// <exception cref="StarKvException">A folder, device, pipe or socket is there, or a file that may not be written.</exception>
    public static string Place(string path, string what)
    {
        try
        {
            var place = RealPath.Of(path);
            var kind = FileStatus.Of(place).Kind;
            if (Refusal(place, kind) is { } reason)
                throw OutputError.Of(what, path, $"it is {reason}; name a file");
            // A rename asks for no right to write what it replaces.
            if (kind is FileKind.Regular)
                File.OpenHandle(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return place;
        }
        catch (Exception e) when (OutputReason.IsOfPaths(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }

    /// <summary>
    /// Opens a file to be read and written on, or begins one; folders that are missing are made. Without a buffer: what cannot be written
    /// is an error at once, and once.
    /// </summary>
    /// <inheritdoc cref="Place"/>
    public static FileStream OpenOrBegin(string path, string what)
    {
        var place = Place(path, what);
        try
        {
            using var above = NewFolders.For(Path.GetDirectoryName(place)!);
            var file = new FileStream(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            above.Keep();
            return file;
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }

    /// <summary>Writes at a file's position; when this returns, it is on the disk.</summary>
    /// <inheritdoc cref="Place"/>
    public static void Append(FileStream file, ReadOnlySpan<byte> bytes, string path, string what)
    {
        try
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (OutputReason.IsOfFiles(e))
        {
            throw OutputError.Of(what, path, OutputReason.Of(e), e);
        }
    }

    private static string? Refusal(string place, FileKind kind) => kind switch
    {
        FileKind.Folder => "a folder",
        FileKind.Device => "a device",
        FileKind.Pipe => "a named pipe",
        FileKind.Socket => "a socket",
        _ when RealPath.IsIn(place, "/dev") && !RealPath.IsIn(place, "/dev/shm") => "a device",
        FileKind.Regular when RealPath.IsOfProcesses(place) => "an open file of a process",
        _ => null,
    };
}
