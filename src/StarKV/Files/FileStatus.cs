using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StarKV.Files;

/// <summary>What is at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device.</summary>
    Device,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A socket, or what no other kind is.</summary>
    Socket,
}

/// <summary>What the system says of a path, links followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Group">Of which group.</param>
/// <param name="IsMount">Whether a disk is mounted there.</param>
internal readonly partial record struct FileStatus(FileKind Kind, uint User, uint Group, bool IsMount)
{
    private const int FromHere = -100, OfDescriptor = 0x1000, Size = 256;
    private const uint BasicFields = 0x7FF, KindBits = 0xF000;
    private const ulong MountRoot = 0x2000;

    /// <summary>Looks at a path. What cannot be looked at counts as missing: the attempt to write there says why.</summary>
    public static FileStatus Of(string path)
    {
        Span<byte> fields = stackalloc byte[Size];
        return Look(FromHere, path, 0, BasicFields, ref MemoryMarshal.GetReference(fields)) == 0 ? Read(fields) : default;
    }

    /// <summary>Looks at a file that is open, which cannot be exchanged for another meanwhile.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static FileStatus Of(SafeFileHandle file)
    {
        Span<byte> fields = stackalloc byte[Size];
        if (Look(file, "", OfDescriptor, BasicFields, ref MemoryMarshal.GetReference(fields)) != 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        return Read(fields);
    }

    private static FileStatus Read(ReadOnlySpan<byte> fields)
    {
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(fields[28..]) & KindBits) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x2000 or 0x6000 => FileKind.Device,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Socket,
        };
        var (user, group) = (BinaryPrimitives.ReadUInt32LittleEndian(fields[20..]), BinaryPrimitives.ReadUInt32LittleEndian(fields[24..]));
        return new FileStatus(kind, user, group, (BinaryPrimitives.ReadUInt64LittleEndian(fields[8..]) & MountRoot) != 0);
    }

    // Its fields are at the same places on every processor.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, ref byte fields);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Look(SafeFileHandle file, string path, int flags, uint mask, ref byte fields);
}
