using System.Text.Json.Serialization;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;
using StarKV.Files;

namespace StarKV.Evaluation.Reports;

/// <summary>Right answers of a number of tasks.</summary>
/// <param name="N">Tasks that the cache answered.</param>
/// <param name="Right">Right answers.</param>
public sealed record Tally(int N, int Right);

/// <summary>One method at one budget.</summary>
/// <param name="Method">The method as written; with its mode, <see cref="SessionMode.NameOf"/>, where tasks are given step by step.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="N">Tasks that it answered: what its shares are of.</param>
/// <param name="Errors">Tasks that it could not answer; they are in no share.</param>
/// <param name="Right">Right answers.</param>
/// <param name="Unreadable">Answers without an action.</param>
/// <param name="Accuracy">Right of N, 0–1; 0 when N is 0, as are the means.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="KeptTokens">Rows kept per layer, the mean over the answers.</param>
/// <param name="Bytes">Bytes held, the mean over the answers.</param>
/// <param name="ByteShare">Bytes held of those of the full caches, 0–1.</param>
/// <param name="By">The same for each value of each label.</param>
public sealed record SummaryCell(
    string Method,
    string Keep,
    int N,
    int Errors,
    int Right,
    int Unreadable,
    double Accuracy,
    double Low,
    double High,
    double KeptTokens,
    double Bytes,
    double ByteShare,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tally>> By)
{
    /// <value>What the cache did over the steps of its tasks; null (default) where tasks were single questions.</value>
    public SessionCell? Session { get; init; }
}

/// <summary>
/// What a run found, without anything that differs from one run to the next: equal plans give equal bytes. Written as <c>summary.json</c>.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Done">Tasks that are done.</param>
/// <param name="Errors">Tasks that at least one cache could not answer.</param>
/// <param name="Reasons">The errors by reason, those of most tasks first.</param>
/// <param name="Cells">The plan's caches, method by method, budget by budget, whether they answered anything or not.</param>
public sealed record RunSummary(RunPlan Plan, int Done, int Errors, IReadOnlyList<ErrorReason> Reasons, IReadOnlyList<SummaryCell> Cells)
{
    /// <summary>
    /// The share of tasks with errors above which a run names no result as its
    /// finding: caches that answer other tasks are not compared at a glance.
    /// </summary>
    public const double MaxErrorShare = 0.01;

    /// <summary>Whether errors are to be reported before anything else.</summary>
    [JsonIgnore]
    public bool ErrorsFirst => Errors > MaxErrorShare * Done;

    /// <summary>The largest number of tasks that a cache answered.</summary>
    [JsonIgnore]
    public int MaxAnswered => Cells.Max(c => c.N);

    /// <summary>Sums up the samples of all shards.</summary>
    /// <exception cref="StarKvException">The samples do not have the same labels.</exception>
    public static RunSummary Of(RunPlan plan, IReadOnlyDictionary<string, SampleRecord> samples)
    {
        // In a fixed order, so that no sum depends on which shard came first.
        var all = samples.Values.OrderBy(s => s.Task, StringComparer.Ordinal).ToList();
        var caches = plan.Caches;
        if (all.Find(s => !s.Labels.Keys.ToHashSet().SetEquals(all[0].Labels.Keys)) is { } other)
            throw new StarKvException(
                $"task {MessageText.Name(other.Task)} has the labels {Names(other)}, task {MessageText.Name(all[0].Task)} has "
                    + $"{Names(all[0])}; they are not of one run. Remove the lines of one of them from its files, and run again.");
        return new RunSummary(
            plan, all.Count, all.Count(s => s.HasErrors), ErrorReason.Of(caches, all), [.. caches.Select(cache => Cell(plan, cache, all))]);
    }

    private static string Names(SampleRecord record) => MessageText.Text(string.Join(", ", record.Labels.Keys));

    private static SummaryCell Cell(RunPlan plan, RunCache cache, List<SampleRecord> all)
    {
        var answers = all.Select(s => (s.Task, Answer: s.AnswerOf(cache))).Where(a => a.Answer is not null)
            .ToDictionary(a => a.Task, a => a.Answer!);
        var interval = Wilson.Of(Right(answers.Values), answers.Count);
        var labels = all.Count == 0 ? [] : all[0].Labels.Keys;
        return new SummaryCell(
            cache.Method, cache.Keep, answers.Count, all.Count(s => s.ErrorOf(cache) is not null),
            Right(answers.Values), answers.Values.Count(a => a.Verdict is Verdict.Unreadable),
            Rounded(interval.Share), Rounded(interval.Low), Rounded(interval.High), Mean(a => a.KeptTokens), Mean(a => a.Bytes),
            answers.Count == 0 ? 0 : Rounded((double)answers.Values.Sum(a => a.Bytes) / answers.Values.Sum(a => a.FullBytes)),
            labels.ToDictionary(label => label, By))
        {
            Session = plan.Sessions is { } modes && SessionCell.Of(answers.Values) is { } session
                ? session with { Alike = Alike(modes) }
                : null,
        };

        IReadOnlyDictionary<string, Tally> By(string label) => all.GroupBy(s => s.Labels[label]).OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => Tally([.. g.Select(s => answers.GetValueOrDefault(s.Task)).OfType<AnswerRecord>()]));

        double? Alike(IReadOnlyList<string> modes)
        {
            if (SessionTests.Again(SessionMode.ModeOf(cache.Method)!, modes.Select(SessionMode.Parse)) is not { } mode)
                return null;
            var again = cache with { Method = mode.NameOf(SessionMode.MethodOf(cache.Method)) };
            return SessionCell.AlikeIn(
                from sample in all
                let first = answers.GetValueOrDefault(sample.Task)
                let second = sample.AnswerOf(again)
                where first is not null && second is not null
                select (first, second));
        }

        double Mean(Func<AnswerRecord, double> of) => Rounded(answers.Values.Select(of).DefaultIfEmpty(0).Average());
    }

    private static Tally Tally(IReadOnlyList<AnswerRecord> answers) => new(answers.Count, Right(answers));

    private static int Right(IEnumerable<AnswerRecord> answers) => answers.Count(a => a.Verdict is Verdict.Right);

    private static double Rounded(double value) => Math.Round(value, 6);
}
