using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.MemoryMappedFiles;
using StarKV.Files;
using StarKV.Runtime;

namespace StarKV.Weights;

/// <summary>
/// A memory-mapped safetensors file: the header is read and checked when it is opened, the tensors' bytes stay on disk
/// until they are touched.
/// </summary>
/// <remarks>
/// Layout: 8 bytes little-endian header length n, n bytes JSON, then the tensors' bytes without gaps. The file must not be
/// shortened by another process while it is open: the operating system ends a process that reads beyond the new end.
/// Thread-safe for readers; dispose it when none is left.
/// </remarks>
[Experimental("STARKV001")]
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>The longest accepted header in bytes: 100,000,000, the limit of the format's own library.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const int PrefixBytes = sizeof(ulong);

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private SafetensorsFile(string path, MemoryMappedFile map, long length, string wayOut)
    {
        (FilePath, _map, Length, WayOut) = (path, map, length, wayOut);
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The path given to <see cref="Open(string)"/>.</summary>
    public string FilePath { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; }

    /// <summary>What to do about a damaged file, as a sentence.</summary>
    internal string WayOut { get; }

    /// <summary>Every tensor by the name that the file gives it.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; private set; } = new Dictionary<string, TensorEntry>();

    /// <summary>The file's <c>__metadata__</c>, text by text; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Maps the file and checks its header against its length.</summary>
    /// <exception cref="StarKvException">
    /// The file cannot be read, or its header is not a complete, unambiguous description of the bytes that follow it.
    /// </exception>
    public static SafetensorsFile Open(string path) => Open(path, "Download it again.");

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="path">The file.</param>
    /// <param name="wayOut">What to do about a damaged file, as a sentence.</param>
    internal static SafetensorsFile Open(string path, string wayOut)
    {
        var file = Map(path, wayOut);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns a piece of a tensor's bytes, straight from the mapping. A span holds at most 2 GB: read larger tensors piecewise.
    /// </summary>
    /// <param name="entry">A tensor of this file.</param>
    /// <param name="start">First byte, counted from the tensor's own start.</param>
    /// <param name="length">Number of bytes.</param>
    /// <remarks>The span is borrowed: it must not be used after the file is disposed.</remarks>
    /// <exception cref="ArgumentException">The tensor belongs to another file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The piece is not inside the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public ReadOnlySpan<byte> Bytes(TensorEntry entry, long start, int length)
    {
        var first = Address(entry);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, entry.ByteLength - length);
        return new ReadOnlySpan<byte>(first + start, length);
    }

    /// <summary>
    /// Returns the address of a tensor's first byte; <see cref="TensorEntry.ByteLength"/>
    /// bytes can be read from it until the file is disposed.
    /// </summary>
    /// <param name="entry">A tensor of this file. Its bytes may lie unaligned, see <see cref="TensorEntry.Offset"/>.</param>
    /// <exception cref="ArgumentException">The tensor belongs to another file.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public byte* Address(TensorEntry entry)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (!ReferenceEquals(entry.File, this))
            throw new ArgumentException($"The tensor {entry.Name} is in {entry.File.FilePath}, not in {FilePath}.", nameof(entry));
        return _start + entry.Offset;
    }

    /// <summary>Unmaps the file; spans and pointers into it become invalid.</summary>
    public void Dispose()
    {
        if (_start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static SafetensorsFile Map(string path, string wayOut)
    {
        try
        {
            using var stream = PlainFile.Open(path);
            var length = stream.Length;
            if (length < PrefixBytes)
                throw new StarKvException($"{path} has {length} bytes; a safetensors file has at least {PrefixBytes}. {wayOut}");
            var map = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new SafetensorsFile(path, map, length, wayOut);
        }
        catch (Exception error) when (MemoryShortage.Is(error))
        {
            throw MemoryShortage.Told(error, path, MemoryShortage.SmallerModel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StarKvException($"{path} cannot be opened as a safetensors file: {error.Message}", error);
        }
    }

    private void ReadHeader()
    {
        if (StandIn.Of(new ReadOnlySpan<byte>(_start, (int)Math.Min(Length, 1024))) is { } instead)
            throw new StarKvException($"{FilePath} {instead}");
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(_start, PrefixBytes));
        if (headerBytes > (ulong)(Length - PrefixBytes))
        {
            throw new StarKvException(
                $"{FilePath} announces a header of {headerBytes:N0} bytes but "
                    + $"has {Length - PrefixBytes:N0} after its first {PrefixBytes}; " +
                $"it is cut short or not a safetensors file. {WayOut}");
        }

        if (headerBytes > MaxHeaderBytes)
        {
            throw new StarKvException(
                $"{FilePath} announces a header of {headerBytes:N0} bytes; the limit "
                    + $"is {MaxHeaderBytes:N0}. It is not a usable safetensors file.");
        }

        var dataStart = PrefixBytes + (long)headerBytes;
        var header = SafetensorsHeader.Read(
            this, new ReadOnlySpan<byte>(_start + PrefixBytes, (int)headerBytes), dataStart);
        SafetensorsLayout.Check(FilePath, header.Tensors.Values, dataStart, Length);
        (Tensors, Metadata) = (header.Tensors, header.Metadata);
    }
}
