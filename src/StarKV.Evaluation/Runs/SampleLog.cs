using System.Text;
using System.Text.Json;

namespace StarKV.Evaluation.Runs;

/// <summary>A run's results, one JSON object a line, written as they come. A line counts once its line feed is on the disk; what a kill left of a line is cut off.</summary>
public sealed class SampleLog : IDisposable
{
    private readonly FileStream _file;

    private SampleLog(FileStream file, IReadOnlyList<SampleRecord> records) => (_file, Records) = (file, records);

    /// <summary>What the file held when it was opened.</summary>
    public IReadOnlyList<SampleRecord> Records { get; }

    /// <summary>Opens a file to go on where it ends, or begins one. Nobody else can open it meanwhile; reading it stays possible.</summary>
    /// <exception cref="StarKvException">A finished line is no result, or the file is open elsewhere.</exception>
    public static SampleLog Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StarKvException($"{path} cannot be opened: {e.Message} Is another process running the same shard?", e);
        }

        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            var records = Parse(bytes.AsSpan(0, end), path);
            file.SetLength(end);
            file.Position = end;
            return new SampleLog(file, records);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the finished lines of a file.</summary>
    /// <exception cref="StarKvException">One of them is no result.</exception>
    public static IReadOnlyList<SampleRecord> Read(string path)
    {
        // Another process may be writing it.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Parse(bytes.AsSpan(0, Array.LastIndexOf(bytes, (byte)'\n') + 1), path);
    }

    /// <summary>Adds a line; when this returns, it is on the disk.</summary>
    public void Append(SampleRecord record)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(record, RunJson.Line));
        _file.WriteByte((byte)'\n');
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static List<SampleRecord> Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var records = new List<SampleRecord>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                records.Add(JsonSerializer.Deserialize<SampleRecord>(line, RunJson.Line)!);
            }
            catch (JsonException e)
            {
                throw new StarKvException($"line {records.Count + 1} of {path} is not a result: {e.Message} Remove the file, or the line, and run again.", e);
            }
        }

        return records;
    }
}
