using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;

namespace StarKV.Evaluation.Reports;

/// <summary>What one cache did over the steps of its tasks.</summary>
/// <param name="Right">Tasks of which every judged step was answered rightly.</param>
/// <param name="Accuracy">Their share of the tasks that the cache answered, 0–1.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Tokens">Tokens of the conversation at a later step than the first, the mean over those steps.</param>
/// <param name="TokensRead">Those of them that were read at the step, the mean over the same steps.</param>
/// <param name="DeviceBytes">Most bytes on the device between two steps, the mean over the tasks.</param>
/// <param name="HostBytes">Most bytes in the host's memory between two steps, the mean over the tasks.</param>
/// <param name="Noted">Steps of which the session says something, such as that all was read again.</param>
/// <param name="Steps">Right answers to each step that is judged, the first step first.</param>
public sealed record SessionCell(
    int Right, double Accuracy, double Low, double High, double Tokens, double TokensRead, double DeviceBytes, double HostBytes, int Noted,
    IReadOnlyList<Tally> Steps)
{
    /// <value>
    /// Share of the steps, 0–1, with the very answer that reading everything again gave; null (default) where that was not run, and for it.
    /// </value>
    public double? Alike { get; init; }

    /// <value>Right answers to the steps of each kind that are judged; empty (default) where tasks do not say kinds.</value>
    public IReadOnlyDictionary<string, Tally> Kinds { get; init; } = new Dictionary<string, Tally>();

    /// <summary>The share of steps that two caches answered alike, of the tasks that both answered; null when there are none.</summary>
    internal static double? AlikeIn(IEnumerable<(AnswerRecord First, AnswerRecord Second)> pairs)
    {
        var steps = pairs.SelectMany(p => (p.First.Steps ?? []).Zip(p.Second.Steps ?? []));
        var alike = steps.Select(s => s.First.Answer == s.Second.Answer).ToList();
        return alike.Count == 0 ? null : Rounded((double)alike.Count(a => a) / alike.Count);
    }

    /// <summary>Sums up a cache's answers; null where tasks were not given step by step.</summary>
    internal static SessionCell? Of(IReadOnlyCollection<AnswerRecord> answers)
    {
        var tasks = answers.Select(a => a.Steps).OfType<IReadOnlyList<StepRecord>>().ToList();
        if (tasks.Count == 0 || tasks.Count < answers.Count)
            return null;
        var right = answers.Count(a => a.IsRightThroughout);
        var interval = Wilson.Of(right, answers.Count);
        var later = tasks.SelectMany(t => t.Skip(1)).ToList();
        var all = Enumerable.Range(0, tasks.Max(t => t.Count)).Select(i => Tally(tasks.Where(t => i < t.Count).Select(t => t[i])));
        var kinds = tasks.SelectMany(t => t).Where(s => s.Kind is not null).GroupBy(s => s.Kind!)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        return new SessionCell(
            right, Rounded(interval.Share), Rounded(interval.Low), Rounded(interval.High),
            Mean(later.Select(s => (double)s.Tokens)), Mean(later.Select(s => (double)s.TokensRead)),
            Mean(tasks.Select(t => (double)t.Max(s => s.DeviceBytes))), Mean(tasks.Select(t => (double)t.Max(s => s.HostBytes))),
            tasks.Sum(t => t.Count(s => s.Notes is not null)), [.. all])
        {
            Kinds = kinds.Select(g => (g.Key, Tally: Tally(g))).Where(k => k.Tally.N > 0).ToDictionary(k => k.Key, k => k.Tally),
        };
    }

    private static Tally Tally(IEnumerable<StepRecord> steps)
    {
        var judged = steps.Where(s => s.Verdict is not null).ToList();
        return new Tally(judged.Count, judged.Count(s => s.Verdict is Verdict.Right));
    }

    private static double Mean(IEnumerable<double> values) => Rounded(values.DefaultIfEmpty(0).Average());

    private static double Rounded(double value) => Math.Round(value, 6);
}
