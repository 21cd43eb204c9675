using System.Runtime.InteropServices;

namespace StarKV.Files;

/// <summary>What .NET has no words for: folders that no other process made, renames over empty folders, exchanges, owners.</summary>
internal static partial class FileCalls
{
    private const int FromHere = -100, ExchangeFlag = 2, AllRights = 0x1FF;
    private const int NotPermitted = 1, AccessDenied = 13, Exists = 17;

    /// <summary>Makes one folder. False when something of that name exists.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static bool MakeFolder(string path)
    {
        if (MakeFolder(path, AllRights) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Exists ? false : throw Failure();
    }

    /// <summary>Gives a folder another place, where nothing or an empty folder is; the latter is replaced in one step.</summary>
    /// <exception cref="IOException">Something is there, or it cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be moved.</exception>
    public static void MoveFolder(string from, string to)
    {
        if (Rename(FromHere, from, FromHere, to, 0) != 0)
            throw Failure();
    }

    /// <summary>Exchanges two folders in one step. False where the system or the disk cannot.</summary>
    public static bool Exchange(string one, string other) => Rename(FromHere, one, FromHere, other, ExchangeFlag) == 0;

    /// <summary>Gives a file to a user and a group, if this process may.</summary>
    public static void TryGive(string path, uint user, uint group) => _ = Give(path, user, group);

    private static Exception Failure()
    {
        var number = Marshal.GetLastPInvokeError();
        var words = Marshal.GetPInvokeErrorMessage(number);
        return number is NotPermitted or AccessDenied ? new UnauthorizedAccessException(words) : new IOException(words, number);
    }

    [LibraryImport("libc", EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Give(string path, uint user, uint group);
}
