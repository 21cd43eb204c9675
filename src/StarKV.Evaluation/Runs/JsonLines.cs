using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>Reads a line of a run's files.</summary>
/// <param name="line">The line.</param>
/// <param name="refusal">What is said of a line that cannot be read; the reason follows.</param>
/// <param name="first">The file's first line; the default for that line itself.</param>
internal delegate T LineReader<T>(ReadOnlySpan<byte> line, string refusal, T? first);

/// <summary>
/// A file of one JSON object per line, written as they come. A line counts once
/// its line feed is on the disk; what a kill left of a line is cut off.
/// </summary>
/// <typeparam name="T">What a line holds.</typeparam>
internal sealed class JsonLines<T> : IDisposable
{
    private readonly FileStream _file;

    private JsonLines(FileStream file, IReadOnlyList<T> lines) => (_file, Lines) = (file, lines);

    /// <summary>What the file held when it was opened.</summary>
    public IReadOnlyList<T> Lines { get; }

    /// <summary>Opens a file to continue where it ends, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What messages call a line, such as <c>a result</c>.</param>
    /// <param name="read">Reads a line.</param>
    /// <exception cref="StarKvException">A finished line cannot be read, or the file cannot be written.</exception>
    public static JsonLines<T> Open(string path, string what, LineReader<T> read)
    {
        var file = OutputFile.OpenOrBegin(path, RunFolder.FileWords);
        try
        {
            var lines = Finished(file, path, what, read, out var end);
            file.SetLength(end);
            file.Position = end;
            return new JsonLines<T>(file, lines);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the finished lines of a file, which another process may be writing.</summary>
    /// <inheritdoc cref="Open"/>
    public static IReadOnlyList<T> Read(string path, string what, LineReader<T> read)
    {
        using var file = PlainFile.Open(path);
        return Finished(file, path, what, read, out _);
    }

    /// <summary>Adds a line; when this returns, it is on the disk.</summary>
    /// <exception cref="StarKvException">It cannot be written, such as on a disk that is full.</exception>
    public void Append(T line) => OutputFile.Append(_file, RunJson.LineBytes(line), _file.Name, RunFolder.FileWords);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static List<T> Finished(FileStream file, string path, string what, LineReader<T> read, out int end)
    {
        // A file that is also written is opened elsewhere.
        if (!file.CanSeek || file.Length > PlainFile.MaxBytes)
            throw new StarKvException($"{path} must be a regular file of at most {PlainFile.MaxBytes:N0} bytes.");
        var bytes = PlainFile.Rest(file);
        end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = new List<T>();
        foreach (var (number, line) in JsonFile.Lines(bytes.AsMemory(0, end)))
        {
            try
            {
                lines.Add(read(line.Span, $"line {number} of {path} is not {what}", lines.FirstOrDefault()));
            }
            catch (StarKvException e)
            {
                throw new StarKvException($"{e.Message} Remove the file, or the line, and run again.", e);
            }
        }

        return lines;
    }
}
