using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StarKV.Hub;

/// <summary>The system's lock on a blob's lock file, which the Python tools take too. It ends with its process.</summary>
internal static partial class HubLock
{
    /// <summary>Linux's EWOULDBLOCK: the only reason to wait.</summary>
    private const int WouldBlock = 11;

    private const int CloseOnExec = 0x80000;

    /// <summary>Takes the lock until the stream is closed; null while another holds it.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Who holds the lock, in words: the process as far as the system lists it, and the file.</summary>
    public static string Holder(string path)
    {
        try
        {
            var line = Inode(path) is { } inode
                ? File.ReadLines("/proc/locks").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .FirstOrDefault(l => l.Length > 5 && l[1] == "FLOCK" && l[5].EndsWith($":{inode}", StringComparison.Ordinal))
                : null;
            if (line is not null && int.TryParse(line[4], CultureInfo.InvariantCulture, out var process) && process > 0)
                return $"process {process}{Name(process)}, which holds {path}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lists are the system's courtesy; without them the file alone is named.
        }

        return $"another program, which holds {path}";
    }

    private static string Name(int process) =>
        File.Exists($"/proc/{process}/comm") ? $" ({File.ReadAllText($"/proc/{process}/comm").Trim()})" : "";

    /// <summary>The file's number on its disk. Streams would ask for the lock, so the file is opened without one.</summary>
    private static string? Inode(string path)
    {
        using var file = new SafeFileHandle(Open(path, CloseOnExec), ownsHandle: true);
        return file.IsInvalid
            ? null
            : File.ReadLines($"/proc/self/fdinfo/{file.DangerousGetHandle()}")
                .FirstOrDefault(l => l.StartsWith("ino:", StringComparison.Ordinal))?["ino:".Length..].Trim();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
