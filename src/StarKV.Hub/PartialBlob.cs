using System.Security.Cryptography;

namespace StarKV.Hub;

/// <summary>The part of a file that has arrived, in <c>HASH.incomplete</c> next to the blobs, with the hash of what is in it.</summary>
internal sealed class PartialBlob : IDisposable
{
    private readonly HubFile _file;
    private readonly FileStream _stream;
    private IncrementalHash _hash;

    private PartialBlob(HubFile file, FileStream stream) => (_file, _stream, _hash) = (file, stream, file.BeginHash());

    /// <summary>Bytes that have arrived.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes that were appended, those since forgotten included.</summary>
    public long Fetched { get; private set; }

    /// <summary>Opens what an earlier run left, or nothing. Without a buffer: what has arrived outlives a killed process.</summary>
    public static async Task<PartialBlob> OpenAsync(string path, HubFile file, CancellationToken cancellation)
    {
        var blob = new PartialBlob(
            file, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, useAsync: true));
        try
        {
            if (blob._stream.Length > file.Size)
                blob.Restart();
            var buffer = new byte[1 << 20];
            for (int read; (read = await blob._stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0; blob.Length += read)
                blob._hash.AppendData(buffer, 0, read);
            return blob;
        }
        catch
        {
            blob.Dispose();
            throw;
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="StarKvException">They cannot be written.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw CannotWrite(e);
        }

        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
        Fetched += bytes.Length;
    }

    /// <summary>True when what has arrived has the hash that the hub lists.</summary>
    public bool IsRight() => Convert.ToHexStringLower(_hash.GetCurrentHash()) == _file.Hash;

    /// <summary>Forgets everything that has arrived.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _hash.Dispose();
        (Length, _hash) = (0, _file.BeginHash());
    }

    /// <summary>True when the cache holds the whole file.</summary>
    public static bool IsThere(string path, HubFile file) => new FileInfo(path) is { Exists: true } there && there.Length == file.Size;

    /// <summary>Gives the file its final name in one step.</summary>
    public void Complete(string path)
    {
        // Where locks do nothing, another program may have fetched the same file at the same time, and be done first.
        if (IsThere(path, _file))
        {
            Delete();
            return;
        }

        try
        {
            _stream.Flush(flushToDisk: true);
            File.Move(_stream.Name, path, overwrite: true);
        }
        catch (IOException e)
        {
            if (!IsThere(path, _file))
                throw CannotWrite(e);
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Delete() => File.Delete(_stream.Name);

    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private StarKvException CannotWrite(IOException e) =>
        new($"{_file.Path} cannot be written to the cache: {e.Message} Free space there, or set HF_HOME to another disk.", e);
}
