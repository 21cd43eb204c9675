using System.IO.Enumeration;
using StarKV.Files;

namespace StarKV.Evaluation.Runs;

/// <summary>
/// The folder of a run: <c>run.json</c> with its manifest, for each shard a file
/// of samples, one of errors and one of its starts, and <c>summary.json</c>.
/// </summary>
/// <param name="path">The folder.</param>
public sealed class RunFolder(string path)
{
    /// <summary>The file of a run's right answers, intervals and bytes.</summary>
    public const string SummaryFile = "summary.json";

    /// <summary>The file of a published benchmark's own numbers.</summary>
    public const string MetricsFile = "metrics.json";

    /// <summary>What messages call a file of a run.</summary>
    internal const string FileWords = "run's file";

    private const string ManifestFile = "run.json";
    private const string SampleFiles = "samples-*.jsonl", ErrorFiles = "errors-*.jsonl", StartFiles = "starts-*.jsonl";

    private static readonly string[] s_lines = [SampleFiles, ErrorFiles, StartFiles];
    private static readonly string[] s_sums = [SummaryFile, MetricsFile];

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Whether a folder is that of a run.</summary>
    public static bool IsRun(string folder) => File.Exists(System.IO.Path.Combine(folder, ManifestFile));

    /// <summary>Whether a path is that of a file of a run, which nothing else may be written over; links are followed.</summary>
    public static bool Owns(string file)
    {
        var place = RealPath.Of(file);
        var name = System.IO.Path.GetFileName(place);
        var isOne = name is ManifestFile or SummaryFile or MetricsFile || s_lines.Any(l => FileSystemName.MatchesSimpleExpression(l, name));
        return isOne && IsRun(System.IO.Path.GetDirectoryName(place)!);
    }

    /// <summary>Begins a run, or continues one of the same plan. The folder is made if it is missing.</summary>
    /// <exception cref="StarKvException">
    /// The folder holds a run with another plan, or none and files that a run would write over, or cannot be written.
    /// </exception>
    public void Begin(RunManifest manifest)
    {
        var file = System.IO.Path.Combine(path, ManifestFile);
        if (!File.Exists(file))
        {
            if (s_sums.FirstOrDefault(name => File.Exists(System.IO.Path.Combine(path, name))) is { } sums)
            {
                throw new StarKvException(
                    $"{path} holds no run, but a file {sums}, which a run would write over; name another folder with --out.");
            }

            AtomicFile.Write(file, RunJson.FileBytes(manifest), "run's manifest");
            return;
        }

        if (RunJson.Differences(Plan(), manifest.Plan) is [var other, ..])
            throw new StarKvException(
                $"{path} holds a run with {other.Name} {other.First}, not "
                    + $"{other.Second}; name another folder with --out, or finish that run.");
    }

    /// <summary>The manifest.</summary>
    /// <exception cref="StarKvException">The folder holds no run, or one of another version of the program.</exception>
    public RunManifest Manifest()
    {
        var file = System.IO.Path.Combine(path, ManifestFile);
        if (!File.Exists(file))
            throw new StarKvException($"{path} holds no run; starkv eval writes one with --out.");
        return RunRecords.Manifest(PlainFile.ReadAllBytes(file), file);
    }

    /// <summary>The plan.</summary>
    /// <inheritdoc cref="Manifest"/>
    public RunPlan Plan() => Manifest().Plan;

    /// <summary>Notes that a shard was begun, or continued, on a machine. For the process that holds the shard's samples.</summary>
    /// <exception cref="StarKvException">It cannot be written.</exception>
    public void NoteStart(Shard shard, RunEnvironment environment)
    {
        var file = System.IO.Path.Combine(path, shard.StartsFileName);
        using var starts = OutputFile.OpenOrBegin(file, FileWords);
        starts.Position = starts.Length;
        OutputFile.Append(starts, RunJson.LineBytes(environment), file, FileWords);
    }

    /// <summary>The programs and machines that worked on the run, of all shards; lines that a kill cut off are passed over.</summary>
    public IReadOnlyList<RunEnvironment> Starts() =>
        [.. Directory.EnumerateFiles(path, StartFiles).Order(StringComparer.Ordinal).SelectMany(Starts)];

    /// <summary>Opens a shard's results.</summary>
    /// <inheritdoc cref="SampleLog.Open"/>
    public SampleLog Open(Shard shard, TimeSpan patience = default) =>
        SampleLog.Open(System.IO.Path.Combine(path, shard.FileName), System.IO.Path.Combine(path, shard.ErrorsFileName), patience);

    /// <summary>All results so far, of all shards, answers and errors together.</summary>
    public IReadOnlyDictionary<string, SampleRecord> Samples() =>
        SampleRecord.Merge(SamplePaths().SelectMany(SampleLog.Read).Concat(ErrorPaths().SelectMany(SampleLog.ReadErrors)));

    /// <summary>The files of answers, of all shards; none when the folder does not exist yet.</summary>
    public IReadOnlyList<string> SamplePaths() => Paths(SampleFiles);

    /// <summary>The files of errors, of all shards; none when there are no errors.</summary>
    public IReadOnlyList<string> ErrorPaths() => Paths(ErrorFiles);

    /// <summary>Writes a JSON file into the folder, whole or not at all.</summary>
    /// <exception cref="StarKvException">It cannot be written.</exception>
    public void Write(string name, object value) => AtomicFile.Write(System.IO.Path.Combine(path, name), RunJson.FileBytes(value), name);

    private IReadOnlyList<string> Paths(string pattern) =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<RunEnvironment> Starts(string file) =>
        JsonFile.Lines(PlainFile.ReadAllBytes(file)).Select(line => Start(line.Text.Span)).OfType<RunEnvironment>();

    private static RunEnvironment? Start(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonFile.Record<RunEnvironment>(line, RunJson.Line, "");
        }
        catch (StarKvException)
        {
            return null;
        }
    }
}
