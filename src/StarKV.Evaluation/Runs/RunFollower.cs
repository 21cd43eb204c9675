namespace StarKV.Evaluation.Runs;

/// <summary>Follows a run that other processes write: reads what they have added since it last looked.</summary>
/// <param name="run">The run's folder, which may not exist yet.</param>
public sealed class RunFollower(RunFolder run)
{
    private readonly Dictionary<string, long> _read = [];

    /// <summary>What the run has found as of the last look.</summary>
    public RunTally Tally { get; } = new();

    /// <summary>Reads the finished lines that are new; lines that cannot be read are left to whoever reads the whole run.</summary>
    public void Look()
    {
        foreach (var path in run.SamplePaths())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var start = _read.GetValueOrDefault(path);
            var bytes = new byte[Math.Max(0, file.Length - start)];
            file.Position = start;
            var fresh = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            fresh = fresh[..(fresh.LastIndexOf((byte)'\n') + 1)];
            _read[path] = start + fresh.Length;
            foreach (var line in fresh.Split((byte)'\n'))
                Count(fresh[line]);
        }
    }

    private void Count(ReadOnlySpan<byte> line)
    {
        try
        {
            if (line.Length > 0)
                Tally.Add(RunRecords.Sample(line, ""));
        }
        catch (StarKvException)
        {
            // The error belongs to the reader of the whole run, who can name the line.
        }
    }
}
