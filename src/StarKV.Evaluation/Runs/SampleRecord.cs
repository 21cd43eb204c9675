using System.Text.Json.Serialization;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Runs;

/// <summary>What a run knows of one task: the answers of its caches, and why others have none.</summary>
/// <remarks>
/// A line of the samples holds answers alone; errors are in separate lines, see <see cref="ErrorRecord"/>.
/// Lines that were written before errors had a separate file may hold the error of a task.
/// </remarks>
public sealed record SampleRecord
{
    /// <value>The task's id.</value>
    public required string Task { get; init; }

    /// <value>The task's labels; those of MiniGui-Bench as they are written today, whatever the file has.</value>
    public required IReadOnlyDictionary<string, string> Labels
    {
        get;
        init =>
            field = value is not null && value.ContainsKey("stratum")
                ? value.ToDictionary(l => l.Key, l => MiniGuiLabels.Current(l.Key, l.Value))
                : value!;
    }

    /// <value>
    /// Why the task itself could not be run, in one sentence: the error of every
    /// cache that has neither an answer nor an error. Null (default) when it could.
    /// </value>
    public string? Error { get; init; }

    /// <value>The caches that could not answer; default none.</value>
    [JsonIgnore]
    public IReadOnlyList<CacheError> Failed { get; init; } = [];

    /// <value>
    /// SHA-256 over the prompt's token ids, 64 hex digits; null without an answer. Of a task that is given step by step, the prompt of its
    /// last step with the right answers to the earlier ones.
    /// </value>
    public string? PromptSha256 { get; init; }

    /// <value>Prompt tokens.</value>
    public int PromptTokens { get; init; }

    /// <value>Screenshots' tokens among them.</value>
    public int ImageTokens { get; init; }

    /// <value>Wall times in milliseconds.</value>
    public SampleTimes? Milliseconds { get; init; }

    /// <value>Method by method, mode by mode, budget by budget; caches that could not answer are left out.</value>
    public IReadOnlyList<AnswerRecord> Answers { get; init; } = [];

    /// <summary>Whether a cache could not answer.</summary>
    [JsonIgnore]
    public bool HasErrors => Error is not null || Failed.Count > 0;

    /// <summary>A cache's answer; null when there is none.</summary>
    public AnswerRecord? AnswerOf(RunCache cache) => Answers.FirstOrDefault(a => a.Cache == cache);

    /// <summary>Why a cache has no answer; null when it has one, and when it was not asked.</summary>
    public string? ErrorOf(RunCache cache)
    {
        if (AnswerOf(cache) is not null)
            return null;
        return Failed.Where(f => f.Cache == cache).Select(f => f.Error).FirstOrDefault() ?? Error;
    }

    /// <summary>Whether each of a run's caches has answered, or is known not to be able to.</summary>
    /// <param name="caches">The plan's caches.</param>
    public bool IsDone(IReadOnlyList<RunCache> caches) => caches.All(cache => AnswerOf(cache) is not null || ErrorOf(cache) is not null);

    /// <summary>
    /// This task with further lines of it: of two answers or errors of a cache the later one counts, and an answer whenever it came.
    /// </summary>
    /// <param name="later">What further lines say.</param>
    public SampleRecord With(SampleRecord later)
    {
        var answers = Answers.Where(a => later.AnswerOf(a.Cache) is null).Concat(later.Answers).ToList();
        var answered = answers.Select(a => a.Cache).ToHashSet();
        var failed = later.Error is null ? Failed.Where(f => later.Failed.All(l => l.Cache != f.Cache)).Concat(later.Failed) : later.Failed;
        return (PromptSha256 is null ? later : this) with
        {
            // A task of which one cache came to an answer, or to a separate error, can be run.
            Error = answers.Count > 0 || (later.Error is null && later.Failed.Count > 0) ? null : later.Error ?? Error,
            Failed = [.. failed.Where(f => !answered.Contains(f.Cache))],
            Answers = answers,
        };
    }

    /// <summary>Brings the lines of each task together.</summary>
    /// <param name="lines">What single lines say, in their order.</param>
    public static IReadOnlyDictionary<string, SampleRecord> Merge(IEnumerable<SampleRecord> lines)
    {
        var tasks = new Dictionary<string, SampleRecord>();
        foreach (var line in lines)
            tasks[line.Task] = tasks.TryGetValue(line.Task, out var earlier) ? earlier.With(line) : line;
        return tasks;
    }
}

/// <summary>Wall times of a sample in milliseconds.</summary>
/// <param name="Draw">Making or reading the screenshots.</param>
/// <param name="Preprocess">Resizing and tokenising.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="Prefill">Reading the prompt, with the selections of all caches.</param>
/// <param name="Decode">Writing all answers.</param>
/// <param name="Total">Everything, the earlier steps of a session included.</param>
public sealed record SampleTimes(double Draw, double Preprocess, double Vision, double Prefill, double Decode, double Total)
{
    /// <summary>A time as records have it.</summary>
    internal static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);
}
