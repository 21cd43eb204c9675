using System.Globalization;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>A task that two runs answered differently.</summary>
/// <param name="Task">The task.</param>
/// <param name="Cache">Method and budget, such as <c>star-kv 20%</c>; empty when all caches are concerned.</param>
/// <param name="What">What differs first: the error, the prompt, the answer, the verdict, the rows or the bytes.</param>
public sealed record TaskDifference(string Task, string Cache, Difference What);

/// <summary>A run and its repetition. Times are not compared.</summary>
/// <param name="Compared">Tasks that both have done.</param>
/// <param name="Same">Those of them with the same prompt, and from every cache the same answer, verdict, rows and bytes.</param>
/// <param name="Failed">Those that no cache could answer, for the same reasons in both: there is nothing to compare.</param>
/// <param name="PartlyFailed">
/// Those that some caches could not answer, for the same reasons in both, and that the others answered alike.
/// </param>
/// <param name="Missing">Tasks that only one of the runs has done.</param>
/// <param name="VerdictsChanged">Answers, over all caches, that one run counts as right and the other does not.</param>
/// <param name="Plan">Differences of the plans, the model's and the data's hashes among them.</param>
/// <param name="Environment">Differences of program and machine.</param>
/// <param name="Tasks">The differences, cache by cache.</param>
public sealed record RunComparison(
    int Compared, int Same, int Failed, int PartlyFailed, int Missing, int VerdictsChanged,
    IReadOnlyList<Difference> Plan, IReadOnlyList<Difference> Environment, IReadOnlyList<TaskDifference> Tasks)
{
    /// <summary>Whether the repetition gave what the run gave, and there was an answer to compare.</summary>
    public bool IsSame => Plan.Count == 0 && Missing == 0 && Tasks.Count == 0 && Same + PartlyFailed > 0;

    /// <summary>Compares the folders of two runs.</summary>
    /// <param name="first">The run.</param>
    /// <param name="second">Its repetition.</param>
    public static RunComparison Of(RunFolder first, RunFolder second)
    {
        var (was, now) = (first.Manifest(), second.Manifest());
        var (before, after) = (first.Samples(), second.Samples());
        var both = before.Keys.Where(after.ContainsKey).Order(StringComparer.Ordinal).ToList();
        var differences = both.SelectMany(task => Of(was.Plan.Caches, before[task], after[task])).ToList();
        var alike = both.Except(differences.Select(d => d.Task)).Select(task => before[task]).ToList();
        return new RunComparison(
            both.Count, alike.Count(t => !t.HasErrors),
            alike.Count(t => t.HasErrors && t.Answers.Count == 0), alike.Count(t => t.HasErrors && t.Answers.Count > 0),
            before.Count + after.Count - 2 * both.Count,
            differences.Count(d => d.What.Name == Verdict),
            RunJson.Differences(was.Plan, now.Plan),
            RunJson.Differences(was.Environment with { Utc = "" }, now.Environment with { Utc = "" }), differences);
    }

    private const string Verdict = "verdict";

    private static IEnumerable<TaskDifference> Of(IReadOnlyList<RunCache> caches, SampleRecord was, SampleRecord now)
    {
        // A prompt that no cache answered is not known.
        var whole = was.Answers.Count == 0 || now.Answers.Count == 0
            ? FirstError(was.Error, now.Error)
            : First(("prompt", was.PromptSha256, now.PromptSha256));
        return whole is not null ? [new TaskDifference(was.Task, "", whole)]
            : caches.Select(cache => (Cache: $"{cache}", What: Of(cache, was, now))).Where(d => d.What is not null)
                .Select(d => new TaskDifference(was.Task, d.Cache, d.What!));
    }

    private static Difference? Of(RunCache cache, SampleRecord was, SampleRecord now) =>
        (was.AnswerOf(cache), now.AnswerOf(cache)) is ({ } a, { } b)
        ? Of(a, b)
        : FirstError(was.ErrorOf(cache), now.ErrorOf(cache));

    /// <summary>Errors are alike when only the names in them differ: data may have moved.</summary>
    private static Difference? FirstError(string? was, string? now) =>
        ErrorReason.WithoutNames(was) == ErrorReason.WithoutNames(now) ? null : First(("error", was, now));

    private static Difference? Of(AnswerRecord was, AnswerRecord now) => was.Verdict != now.Verdict
        ? new Difference(Verdict, $"{was.Verdict}: {was.Answer}", $"{now.Verdict}: {now.Answer}")
        : First(
            ("answer", was.Answer, now.Answer),
            ("earlier answers", Steps(was), Steps(now)),
            ("rows kept", Text(was.KeptTokens), Text(now.KeptTokens)),
            ("bytes held", Text(was.Bytes), Text(now.Bytes)));

    private static Difference? First(params ReadOnlySpan<(string Name, string? Was, string? Now)> members)
    {
        foreach (var (name, was, now) in members)
        {
            if (was != now)
                return new Difference(name, was ?? "none", now ?? "none");
        }

        return null;
    }

    private static string? Steps(AnswerRecord answer) => answer.Steps is { } steps ? string.Join(" | ", steps.Select(s => s.Answer)) : null;

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
