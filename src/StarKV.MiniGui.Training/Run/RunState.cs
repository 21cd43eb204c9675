using System.Text.Json;
using StarKV.Files;
using StarKV.MiniGui.Training.Data;

namespace StarKV.MiniGui.Training.Run;

/// <summary>What a checkpoint holds besides weights, so that the next run goes on as if this one had not been stopped.</summary>
/// <param name="Phase">Name of the phase that it was in.</param>
/// <param name="Steps">Steps taken in that phase.</param>
/// <param name="Seconds">Wall time of the training, all its runs together.</param>
/// <param name="PhaseSeconds">Of it, that of the phase.</param>
/// <param name="Updates">Steps of the phase's optimiser.</param>
/// <param name="Feeds">The next batch of each device.</param>
/// <param name="Settings">Options that decide what is drawn and in which order, by their names.</param>
internal sealed record RunState(
    string Phase,
    long Steps,
    double Seconds,
    double PhaseSeconds,
    long Updates,
    IReadOnlyList<FeedPosition> Feeds,
    IReadOnlyDictionary<string, string> Settings)
{
    private const string FileName = "state.json", Devices = "devices", Threads = "--threads";

    private static readonly JsonSerializerOptions s_json = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Options that two runs of one training must share, as the command line spells them.</summary>
    /// <param name="options">How a run trains.</param>
    /// <param name="threads">Threads that make batches, for each device.</param>
    public static IReadOnlyDictionary<string, string> SettingsOf(TrainingOptions options, int threads) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Devices] = Text(options.Device.Split(',').Length),
            [Threads] = Text(threads),
            ["--seed"] = Text(options.Seed),
            ["--tokens"] = Text(options.Tokens),
            ["--align-tokens"] = Text(options.AlignTokens),
            ["--easy-steps"] = Text(options.EasySteps),
            ["--history-share"] = Text(options.HistoryShare),
            ["--hard-share"] = Text(options.HardShare),
            ["--thoughts"] = Text(options.Thoughts),
        };

    /// <summary>Writes it into a checkpoint's folder.</summary>
    public void Write(string folder) => NewFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, s_json));

    /// <summary>Reads what <see cref="Write"/> wrote, or gives null where a checkpoint has none.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="settings">Those of the run that goes on.</param>
    /// <exception cref="StarKvException">It is none, or of a training with other settings.</exception>
    public static RunState? Read(string folder, IReadOnlyDictionary<string, string> settings)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return null;
        var state = Parse(PlainFile.ReadAllBytes(file), file);
        foreach (var (name, now) in settings)
        {
            var then = state.Settings.GetValueOrDefault(name, "nothing");
            if (then != now)
                throw new StarKvException(
                    $"The training in {folder} has {name} {then}, this run {now}; give {then}, "
                    + $"or delete {file} to go on with new samples and a new warm-up.");
        }

        return state;
    }

    /// <summary>Reads a text, whatever its settings.</summary>
    /// <param name="utf8">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    internal static RunState Parse(ReadOnlySpan<byte> utf8, string file)
    {
        var state = JsonFile.Record<RunState>(utf8, s_json, $"{file} does not say where training was stopped");
        return state.IsWhole() ? state : throw new StarKvException(
            $"{file} does not say where training was stopped; delete it to go on with new samples and a new warm-up.");
    }

    private bool IsWhole() =>
        Phase is Training.Run.Phase.Train or Training.Run.Phase.Align
        && this is { Steps: >= 0, Updates: >= 0, Seconds: >= 0 and < 1e9, PhaseSeconds: >= 0, Feeds.Count: > 0 } && PhaseSeconds <= Seconds
        && Text(Feeds.Count) == Settings.GetValueOrDefault(Devices)
        && Feeds.All(feed => feed is not null && feed.Fits(feed.Workers.Count))
        && Feeds.All(feed => Text(feed.Workers.Count) == Settings.GetValueOrDefault(Threads));

    private static string Text<T>(T value) => FormattableString.Invariant($"{value}");
}
