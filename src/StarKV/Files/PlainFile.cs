using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StarKV.Files;

/// <summary>Opens the files that people bring: the one place, so that each is looked at before it is read.</summary>
/// <remarks>Only regular files are read: a pipe would be waited for without end, a device need not have one. Links are followed.</remarks>
[Experimental("STARKV001")]
public static partial class PlainFile
{
    /// <summary>Most bytes of a file that is read whole: what one array holds, 2,147,483,591.</summary>
    public const long MaxBytes = 0x7FFFFFC7;

    // Linux on every processor that .NET runs on.
    private const int NonBlocking = 0x800, NoTerminal = 0x100, CloseOnExec = 0x80000;

    /// <summary>Opens a file for reading; other programs may continue writing it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What messages call it; default its path.</param>
    /// <exception cref="StarKvException">It does not exist, cannot be opened, or is not a regular file.</exception>
    public static FileStream Open(string path, string? name = null)
    {
        name ??= path;
        try
        {
            return Checked(Handle(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StarKvException($"{name} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StarKvException($"{name} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="max">Bytes that it may have; default <see cref="MaxBytes"/>.</param>
    /// <param name="wayOut">What to do about a file that cannot be read, said after the reason; default nothing.</param>
    /// <exception cref="StarKvException">It cannot be read, is not a regular file or is longer.</exception>
    public static byte[] ReadAllBytes(string path, long max = MaxBytes, string? wayOut = null)
    {
        try
        {
            using var file = Open(path);
            return file.Length <= max
                ? Rest(file)
                : throw new StarKvException($"{path} has {file.Length:N0} bytes; the limit is {max:N0}.");
        }
        catch (IOException e)
        {
            throw new StarKvException($"{path} cannot be read: {e.Message}", e);
        }
        catch (StarKvException e) when (wayOut is not null)
        {
            throw new StarKvException($"{e.Message} {wayOut}", e);
        }
    }

    /// <summary>The text of a file, in UTF-8 unless a byte-order mark says otherwise.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static string ReadAllText(string path, long max = MaxBytes)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(path, max)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>What a file holds from its position on, which is at most <see cref="MaxBytes"/>.</summary>
    public static byte[] Rest(FileStream file)
    {
        var bytes = new byte[Math.Max(0, file.Length - file.Position)];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length ? bytes : bytes[..count];
    }

    private static FileStream Checked(SafeFileHandle handle)
    {
        try
        {
            if (NoFile(handle) is { } kind)
                throw new IOException($"it is {kind}; give a regular file.");
            return new FileStream(handle, FileAccess.Read);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Handle(string path)
    {
        if (OperatingSystem.IsLinux() && !path.Contains('\0', StringComparison.Ordinal))
        {
            // A pipe is opened at once instead of when somebody writes to it, and looked
            // at afterwards: between a look and an opening it could be put there.
            var file = new SafeFileHandle(OpenFile(path, NonBlocking | NoTerminal | CloseOnExec), ownsHandle: true);
            if (!file.IsInvalid)
                return file;
            file.Dispose();
        }

        // The runtime knows the words for what is wrong.
        return File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>What something is that is not a regular file; null when it is one. Other systems than Linux are not asked.</summary>
    private static string? NoFile(SafeFileHandle handle) => !OperatingSystem.IsLinux() ? null : FileStatus.Of(handle).Kind switch
    {
        FileKind.Pipe => "a named pipe",
        FileKind.Device => "a device",
        FileKind.Folder => "a folder",
        FileKind.Regular => null,
        _ => "no regular file",
    };

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
