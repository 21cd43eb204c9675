using System.IO.MemoryMappedFiles;

namespace StarKV.Fuzz.Run;

/// <summary>The number of the input that a worker runs at this moment, in a mapped file: it stays there when the worker dies.</summary>
internal sealed class LastInput : IDisposable
{
    private const int Bytes = sizeof(long);
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Opens the file, or makes it.</summary>
    public LastInput(string folder)
    {
        _file = MemoryMappedFile.CreateFromFile(Path.Combine(folder, "last-input"), FileMode.OpenOrCreate, null, Bytes);
        _view = _file.CreateViewAccessor(0, Bytes);
    }

    /// <summary>The number; -1 between two pieces of work.</summary>
    public long Number
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
