using Microsoft.Win32.SafeHandles;

namespace StarKV.Files;

/// <summary>Who may do what with a file or folder, so that what takes its place is no more and no less open.</summary>
/// <param name="Mode">Read, write, execute for user, group and others.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Group">Of which group.</param>
internal sealed record FileRights(UnixFileMode Mode, uint User, uint Group)
{
    private const UnixFileMode Plain = (UnixFileMode)0x1FF;

    /// <summary>Those of a file or folder; null when there is none.</summary>
    public static FileRights? Of(string path)
    {
        var status = FileStatus.Of(path);
        if (OperatingSystem.IsWindows() || status.Kind is FileKind.Missing)
            return null;
        return new FileRights(File.GetUnixFileMode(path) & Plain, status.User, status.Group);
    }

    /// <summary>Gives a folder these rights. The owner is changed as far as this process may.</summary>
    public void Give(string folder)
    {
        FileCalls.TryGive(folder, User, Group);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, Mode);
    }

    /// <summary>Gives an open file these rights. The owner is changed as far as this process may.</summary>
    public void Give(string path, SafeFileHandle file)
    {
        FileCalls.TryGive(path, User, Group);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, Mode);
    }
}
