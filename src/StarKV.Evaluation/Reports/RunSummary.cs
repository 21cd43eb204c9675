using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>Right answers of a number of tasks.</summary>
/// <param name="N">Tasks, those with errors included.</param>
/// <param name="Right">Right answers.</param>
public sealed record Tally(int N, int Right);

/// <summary>One method at one budget.</summary>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="N">Tasks; those that could not be run count as not right.</param>
/// <param name="Right">Right answers.</param>
/// <param name="Unreadable">Answers without an action.</param>
/// <param name="Accuracy">Right of N, 0–1.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="KeptTokens">Rows a layer kept, the mean over the tasks.</param>
/// <param name="Bytes">Bytes held, the mean over the tasks.</param>
/// <param name="ByteShare">Bytes held of those of the full caches, 0–1.</param>
/// <param name="By">The same for each value of each label.</param>
public sealed record SummaryCell(
    string Method, string Keep, int N, int Right, int Unreadable, double Accuracy, double Low, double High, double KeptTokens, double Bytes, double ByteShare,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tally>> By);

/// <summary>What a run found, without anything that differs from one run to the next: equal plans give equal bytes. Written as <c>summary.json</c>.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Done">Tasks that are done.</param>
/// <param name="Errors">Tasks that could not be run.</param>
/// <param name="Cells">Method by method, budget by budget.</param>
public sealed record RunSummary(RunPlan Plan, int Done, int Errors, IReadOnlyList<SummaryCell> Cells)
{
    /// <summary>Sums up the samples of all shards.</summary>
    public static RunSummary Of(RunPlan plan, IReadOnlyDictionary<string, SampleRecord> samples)
    {
        // In an order of their own, so that no sum depends on which shard came first.
        var all = samples.Values.OrderBy(s => s.Task, StringComparer.Ordinal).ToList();
        var answers = all.SelectMany(s => s.Answers.Select(a => (Sample: s, Answer: a))).ToLookup(a => (a.Answer.Method, a.Answer.Keep));
        var cells = plan.Methods.SelectMany(m => plan.Keep.Append("100%").Distinct().Select(k => (m, k))).Where(answers.Contains).Select(key => Cell(key, all, [.. answers[key]]));
        return new RunSummary(plan, all.Count, all.Count(s => s.Error is not null), [.. cells]);
    }

    private static SummaryCell Cell((string Method, string Keep) key, List<SampleRecord> all, List<(SampleRecord Sample, AnswerRecord Answer)> answers)
    {
        var right = answers.Where(a => a.Answer.Verdict is Verdict.Right).Select(a => a.Sample.Task).ToHashSet();
        var interval = Wilson.Of(right.Count, all.Count);
        var by = all[0].Labels.Keys.ToDictionary(label => label, label => (IReadOnlyDictionary<string, Tally>)all.GroupBy(s => s.Labels[label]).OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Tally(g.Count(), g.Count(s => right.Contains(s.Task)))));
        return new SummaryCell(
            key.Method, key.Keep, all.Count, right.Count, answers.Count(a => a.Answer.Verdict is Verdict.Unreadable), Rounded(interval.Share), Rounded(interval.Low), Rounded(interval.High),
            Rounded(answers.Average(a => a.Answer.KeptTokens)), Rounded(answers.Average(a => (double)a.Answer.Bytes)), Rounded((double)answers.Sum(a => a.Answer.Bytes) / answers.Sum(a => a.Answer.FullBytes)), by);
    }

    private static double Rounded(double value) => Math.Round(value, 6);
}
