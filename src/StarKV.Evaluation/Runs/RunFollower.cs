using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>Follows a run that other processes write: reads what they have added since it last looked.</summary>
/// <param name="run">The run's folder, which may not exist yet.</param>
/// <remarks>Not thread-safe.</remarks>
public sealed class RunFollower(RunFolder run)
{
    private readonly Dictionary<string, long> _read = [];

    /// <summary>What the run has found as of the last look.</summary>
    public RunTally Tally { get; } = new();

    /// <summary>Bytes of results and errors that were read: they grow as long as the run gets further.</summary>
    public long Bytes => _read.Values.Sum();

    /// <summary>Reads the finished lines that are new; lines that cannot be read are left to whoever reads the whole run.</summary>
    public void Look()
    {
        foreach (var path in run.SamplePaths())
            Look(path, Answers);
        foreach (var path in run.ErrorPaths())
            Look(path, Errors);
    }

    private delegate SampleRecord Reading(ReadOnlySpan<byte> line);

    private static SampleRecord Answers(ReadOnlySpan<byte> line) => RunRecords.Sample(line, "");

    private static SampleRecord Errors(ReadOnlySpan<byte> line) => SampleLog.Of(RunRecords.Error(line, ""));

    private void Look(string path, Reading reading)
    {
        using var file = PlainFile.Open(path);
        var start = _read.GetValueOrDefault(path);
        file.Position = start;
        ReadOnlySpan<byte> fresh = PlainFile.Rest(file);
        fresh = fresh[..(fresh.LastIndexOf((byte)'\n') + 1)];
        _read[path] = start + fresh.Length;
        foreach (var line in fresh.Split((byte)'\n'))
            Count(fresh[line], reading);
    }

    private void Count(ReadOnlySpan<byte> line, Reading reading)
    {
        try
        {
            if (line.Length > 0)
                Tally.Add(reading(line));
        }
        catch (StarKvException)
        {
            // The error belongs to the reader of the whole run, who can name the line.
        }
    }
}
