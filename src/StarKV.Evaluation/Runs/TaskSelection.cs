using StarKV.Evaluation.Benchmarks;
using StarKV.MiniGui;

namespace StarKV.Evaluation.Runs;

/// <summary>Which tasks of a benchmark a run takes.</summary>
public static class TaskSelection
{
    /// <summary>The tasks of a plan, in the benchmark's order.</summary>
    /// <exception cref="StarKvException">
    /// A filter names no label or value of the benchmark, nothing is left, there are no tasks, or none that has steps where the plan gives
    /// tasks step by step.
    /// </exception>
    public static IReadOnlyList<EvalTask> Of(IBenchmark benchmark, RunPlan plan)
    {
        if (benchmark.Tasks.Count == 0)
            throw new StarKvException($"{benchmark.Name} has no tasks.");
        if (plan.Sessions is not null && benchmark.Tasks.All(t => t.Steps is null))
            throw new StarKvException($"{benchmark.Name} has no task that can be given step by step; leave --sessions out.");
        var filters = Filters(benchmark, plan.Filter).Select(f => f.Split('=', 2)).ToLookup(f => f[0], f => f[1]);
        // A trajectory is drawn as a whole.
        var fit = Enumerable.Range(0, benchmark.Tasks.Count).Where(i => plan.Sessions is null || benchmark.Tasks[i].Steps is not null)
            .Where(i => filters.All(f => f.Contains(benchmark.Tasks[i].Labels[f.Key])))
            .GroupBy(i => benchmark.Tasks[i].First.Id).Select(g => g.ToList()).ToList();
        if (plan.Seed != 0)
            fit = [.. new SeededRandom(plan.Seed, 0).Shuffled(fit)];
        var chosen = fit.SelectMany(g => g).Take(plan.Limit ?? int.MaxValue).Order().Select(i => benchmark.Tasks[i]).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new StarKvException(
                $"No task of {benchmark.Name}{(plan.Sessions is null ? "" : " that can be given step by step")} has all of "
                    + $"{string.Join(", ", plan.Filter)}; filter for less.");
    }

    /// <summary>Filters in the benchmark's own spelling: case and hyphens of what is asked for do not count.</summary>
    /// <exception cref="StarKvException">A filter names no label or value of the benchmark.</exception>
    public static IReadOnlyList<string> Filters(IBenchmark benchmark, IReadOnlyList<string> filters) => [.. filters.Select(filter =>
    {
        if (filter.Split('=', 2) is not [var asked, var wanted])
            throw new StarKvException($"filter '{filter}' is not of the form label=value, such as kind=icon.");
        var labels = benchmark.Tasks[0].Labels.Keys.ToList();
        var label = labels.Find(l => IsSame(l, asked))
            ?? throw new StarKvException(
                $"{benchmark.Name} has no label '{asked}'; it has {string.Join(", ", labels)}.{Nearest.Hint(asked, labels)}");
        var values = benchmark.Tasks.Select(t => t.Labels[label]).Distinct().ToList();
        // Two values that differ in case alone are two values.
        var value = values.Find(v => v == wanted) ?? values.Find(v => IsSame(v, wanted));
        return value is not null
            ? $"{label}={value}"
            : throw new StarKvException(
                $"{benchmark.Name} has no task with {label}={wanted}; there are "
                    + $"{string.Join(", ", values)}.{Nearest.Hint(wanted, values)}");
    })];

    private static bool IsSame(string name, string asked) => Letters(name).Equals(Letters(asked), StringComparison.OrdinalIgnoreCase);

    private static string Letters(string name) => name.Replace("-", "", StringComparison.Ordinal);
}

/// <summary>One of several parts of a run, each a separate process.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Count">Parts in all.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>The whole run.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>The file that holds its results.</summary>
    public string FileName => $"samples-{Index}-of-{Count}.jsonl";

    /// <summary>The file that holds what could not be run.</summary>
    public string ErrorsFileName => $"errors-{Index}-of-{Count}.jsonl";

    /// <summary>The file that says on which machines it was begun and continued.</summary>
    public string StartsFileName => $"starts-{Index}-of-{Count}.jsonl";

    /// <summary>Reads <c>2/4</c>.</summary>
    /// <exception cref="StarKvException">The text is not of that form.</exception>
    public static Shard Parse(string text) =>
        text.Split('/') is [var i, var n]
            && int.TryParse(i, out var index)
            && int.TryParse(n, out var count)
            && index >= 1
            && index <= count
            ? new Shard(index, count)
            : throw new StarKvException($"shard '{text}' is not of the form i/n with i from 1 to n, such as 2/4.");

    /// <summary>Its share of the tasks: every n-th trajectory, or task that stands alone, so that all shards are alike.</summary>
    public IReadOnlyList<EvalTask> Of(IReadOnlyList<EvalTask> tasks)
    {
        var (index, count) = this;
        return [.. tasks.GroupBy(t => t.First.Id).Where((_, i) => i % count == index - 1).SelectMany(g => g)];
    }
}
