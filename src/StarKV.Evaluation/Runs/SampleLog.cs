using StarKV.Evaluation.Records;
using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>
/// A shard's results: a file of answers, one task per line, and next to it one of errors, so that an error is never read as a result.
/// </summary>
/// <remarks>Not thread-safe: one evaluator writes it.</remarks>
public sealed class SampleLog : IDisposable
{
    /// <summary>Linux's EWOULDBLOCK: somebody else holds the lock.</summary>
    private const int WouldBlock = 11;

    private const string Answer = "a result", Failure = "an error of a run";
    private readonly FileStream _lock;
    private readonly JsonLines<SampleRecord> _answers;
    private readonly string _errorPath;
    private readonly Dictionary<string, SampleRecord> _known;
    private JsonLines<ErrorRecord>? _errors;

    private SampleLog(FileStream held, JsonLines<SampleRecord> answers, JsonLines<ErrorRecord>? errors, string errorPath)
    {
        (_lock, _answers, _errors, _errorPath) = (held, answers, errors, errorPath);
        Records = [.. SampleRecord.Merge(answers.Lines.Concat(Of(errors?.Lines ?? []))).Values];
        _known = Records.ToDictionary(r => r.Task);
    }

    /// <summary>What the files held when they were opened, task by task.</summary>
    public IReadOnlyList<SampleRecord> Records { get; }

    /// <summary>
    /// Opens a shard's files to continue where they end, or begins them. No other process
    /// can do so meanwhile: a lock next to the file of answers is held, which a kill frees.
    /// </summary>
    /// <param name="path">The file of answers.</param>
    /// <param name="errorPath">The file of errors, which is there once there is one.</param>
    /// <param name="patience">How long to wait for another process to release them; default not at all.</param>
    /// <exception cref="StarKvException">A finished line cannot be read, or the files are open elsewhere.</exception>
    public static SampleLog Open(string path, string errorPath, TimeSpan patience = default)
    {
        var held = Lock(path, patience);
        JsonLines<SampleRecord>? answers = null;
        try
        {
            answers = JsonLines<SampleRecord>.Open(path, Answer, RunRecords.Sample);
            return new SampleLog(
                held,
                answers,
                File.Exists(errorPath) ? JsonLines<ErrorRecord>.Open(errorPath, Failure, RunRecords.Error) : null,
                errorPath);
        }
        catch
        {
            answers?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads the finished lines of a file of answers. A line may hold the error of a task, as it did before errors had a separate file.
    /// </summary>
    /// <exception cref="StarKvException">One of them is not a result.</exception>
    public static IReadOnlyList<SampleRecord> Read(string path) => JsonLines<SampleRecord>.Read(path, Answer, RunRecords.Sample);

    /// <summary>Reads the finished lines of a file of errors.</summary>
    /// <exception cref="StarKvException">One of them is not an error.</exception>
    public static IReadOnlyList<SampleRecord> ReadErrors(string path) =>
        [.. Of(JsonLines<ErrorRecord>.Read(path, Failure, RunRecords.Error))];

    /// <summary>
    /// Adds what was found about a task; when this returns, it is on the disk. An error that is known already is not written again.
    /// </summary>
    public void Append(SampleRecord record)
    {
        var earlier = _known.GetValueOrDefault(record.Task);
        // Errors first: a task whose answers are there, and whose errors a kill took away, would count as done.
        foreach (var error in Errors(record).Where(e => Known(earlier, e) != e.Error))
            (_errors ??= JsonLines<ErrorRecord>.Open(_errorPath, Failure, RunRecords.Error)).Append(error);
        if (record.Answers.Count > 0)
            _answers.Append(record with { Error = null });
        _known[record.Task] = earlier?.With(record) ?? record;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _errors?.Dispose();
        _answers.Dispose();
        _lock.Dispose();
    }

    /// <summary>What a line of the errors says of its task.</summary>
    internal static SampleRecord Of(ErrorRecord line)
    {
        var task = new SampleRecord { Task = line.Task, Labels = line.Labels };
        return line is { Method: { } method, Keep: { } keep }
            ? task with { Failed = [new CacheError(new RunCache(method, keep), line.Error)] }
            : task with { Error = line.Error };
    }

    private static IEnumerable<SampleRecord> Of(IReadOnlyList<ErrorRecord> lines) => lines.Select(Of);

    private static IEnumerable<ErrorRecord> Errors(SampleRecord record)
    {
        if (record.Error is { } error)
            yield return new ErrorRecord(record.Task, record.Labels, null, null, error);
        foreach (var (cache, failure) in record.Failed)
            yield return new ErrorRecord(record.Task, record.Labels, cache.Method, cache.Keep, failure);
    }

    private static string? Known(SampleRecord? task, ErrorRecord line) =>
        line is { Method: { } method, Keep: { } keep }
            ? task?.Failed.Where(f => f.Cache == new RunCache(method, keep)).Select(f => f.Error).FirstOrDefault()
            : task?.Error;

    private static FileStream Lock(string path, TimeSpan patience)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; Thread.Sleep(100))
        {
            try
            {
                return new FileStream(
                    $"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (e.HResult == WouldBlock && TimeProvider.System.GetElapsedTime(start) >= patience)
            {
                throw OutputError.Of(RunFolder.FileWords, path, "another process runs the same shard", e);
            }
            catch (IOException e) when (e.HResult == WouldBlock)
            {
                // Whoever holds it may be about to end.
            }
            catch (Exception e) when (OutputReason.IsOfFiles(e))
            {
                throw OutputError.Of(RunFolder.FileWords, path, OutputReason.Of(e), e);
            }
        }
    }
}
