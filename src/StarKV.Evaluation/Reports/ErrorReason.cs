using System.Text.RegularExpressions;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Reports;

/// <summary>Errors of a run that are alike but for names and numbers.</summary>
/// <param name="Reason">The first one's sentence.</param>
/// <param name="Task">The first one's task.</param>
/// <param name="Tasks">Tasks with such an error.</param>
/// <param name="Cells">The caches with such an error, in the order of the plan.</param>
public sealed partial record ErrorReason(string Reason, string Task, int Tasks, IReadOnlyList<ErrorCount> Cells)
{
    /// <summary>Groups a run's errors, those of most tasks first. An error of a task itself is one of each cache.</summary>
    /// <param name="caches">The run's caches.</param>
    /// <param name="samples">What the run knows of its tasks.</param>
    public static IReadOnlyList<ErrorReason> Of(IReadOnlyList<RunCache> caches, IEnumerable<SampleRecord> samples) =>
    [
        .. samples.Where(s => s.HasErrors).OrderBy(s => s.Task, StringComparer.Ordinal)
            .SelectMany(s => caches.Select(cache => (s.Task, Cache: cache, Error: s.ErrorOf(cache)))).Where(e => e.Error is not null)
            .GroupBy(e => Particular().Replace(e.Error!, "…"))
            .Select(g => new ErrorReason(g.First().Error!, g.First().Task, g.Select(e => e.Task).Distinct().Count(),
                [.. caches.Select(cache => new ErrorCount(cache.Method, cache.Keep, g.Count(e => e.Cache == cache))).Where(c => c.N > 0)]))
            .OrderByDescending(r => r.Tasks),
    ];

    /// <summary>Which caches they are, in words.</summary>
    /// <param name="caches">How many caches the run has.</param>
    public string Where(int caches) => Cells.Count == caches
        ? "every cache"
        : string.Join(", ", Cells.Select(c => $"{c.Method} {c.Keep}{(c.N == Tasks ? "" : $" ({c.N})")}"));

    /// <summary>An error's sentence without the names that are quoted in it.</summary>
    public static string? WithoutNames(string? error) => error is null ? null : Name().Replace(error, "…");

    [GeneratedRegex("'[^']*'", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    /// <summary>What differs between two errors of one reason: quoted names and numbers.</summary>
    [GeneratedRegex(@"'[^']*'|\d+(?:[.,]\d+)*", RegexOptions.NonBacktracking)]
    private static partial Regex Particular();
}

/// <summary>Errors of one cache.</summary>
/// <param name="Method">The method as written.</param>
/// <param name="Keep">The budget as written.</param>
/// <param name="N">Tasks with such an error.</param>
public sealed record ErrorCount(string Method, string Keep, int N);
