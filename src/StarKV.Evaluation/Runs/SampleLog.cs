using System.Text.Json;
using StarKV.Weights;

namespace StarKV.Evaluation.Runs;

/// <summary>A run's results, one JSON object a line, written as they come. A line counts once its line feed is on the disk; what a kill left of a line is cut off.</summary>
public sealed class SampleLog : IDisposable
{
    private readonly FileStream _file, _lock;

    private SampleLog(FileStream file, FileStream held, IReadOnlyList<SampleRecord> records) => (_file, _lock, Records) = (file, held, records);

    /// <summary>What the file held when it was opened.</summary>
    public IReadOnlyList<SampleRecord> Records { get; }

    /// <summary>Opens a file to go on where it ends, or begins one. Nobody else can do so meanwhile: a lock beside the file is held, which a kill frees.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for somebody else to let go of it; default not at all.</param>
    /// <exception cref="StarKvException">A finished line is no result, or the file is open elsewhere.</exception>
    public static SampleLog Open(string path, TimeSpan patience = default)
    {
        var held = Lock(path, patience);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            var records = Finished(file, path, out var end);
            file.SetLength(end);
            file.Position = end;
            return new SampleLog(file, held, records);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads the finished lines of a file.</summary>
    /// <exception cref="StarKvException">One of them is no result.</exception>
    public static IReadOnlyList<SampleRecord> Read(string path)
    {
        // Another process may be writing it.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Finished(file, path, out _);
    }

    /// <summary>Adds a line; when this returns, it is on the disk.</summary>
    public void Append(SampleRecord record)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(record, RunJson.Line));
        _file.WriteByte((byte)'\n');
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string path, TimeSpan patience)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; Thread.Sleep(100))
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (TimeProvider.System.GetElapsedTime(start) >= patience)
            {
                throw new StarKvException($"{path} cannot be written: {e.Message} Is another process running the same shard?", e);
            }
            catch (IOException)
            {
                // Whoever holds it may be about to end.
            }
        }
    }

    private static List<SampleRecord> Finished(FileStream file, string path, out int end)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var records = new List<SampleRecord>();
        foreach (var (number, line) in JsonFile.Lines(bytes.AsMemory(0, end)))
        {
            try
            {
                records.Add(RunRecords.Sample(line.Span, $"line {number} of {path} is not a result", records.FirstOrDefault()));
            }
            catch (StarKvException e)
            {
                throw new StarKvException($"{e.Message} Remove the file, or the line, and run again.", e);
            }
        }

        return records;
    }
}
