using System.Text.Json.Serialization;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Evaluation.Records;
using StarKV.Score.Wrappers;

namespace StarKV.Evaluation.Runs;

/// <summary>What is equal between methods at one budget.</summary>
public enum MatchBy
{
    /// <summary>Tokens per layer.</summary>
    Tokens,

    /// <summary>Bytes held, see <see cref="EqualBytes"/>.</summary>
    Bytes,
}

/// <summary>Of what a budget is a share.</summary>
public enum BudgetConvention
{
    /// <summary>Of all prompt tokens.</summary>
    All,

    /// <summary>Of the screenshots' tokens; all text is kept, see <see cref="ImageShare"/>.</summary>
    Image,
}

/// <summary>
/// Everything that decides a run's results: two runs with equal plans give equal answers. A part of <see cref="RunManifest"/>.
/// </summary>
public sealed record RunPlan
{
    /// <value>The benchmark's name and version.</value>
    public required string Benchmark { get; init; }

    /// <value>The model folder's name.</value>
    public required string Model { get; init; }

    /// <value>Distinguishes checkpoints, see <see cref="ModelFingerprint"/>.</value>
    public required string ModelFingerprint { get; init; }

    /// <value>Device type and number type, such as <c>cpu float32</c>.</value>
    public required string Compute { get; init; }

    /// <value>The number type alone, as <see cref="Runtime.Compute.Choose"/> reads it.</value>
    [JsonIgnore]
    public string NumberType => Compute.Split(' ')[^1];

    /// <value>Tasks of all shards together.</value>
    public required int Tasks { get; init; }

    /// <value>Methods with their options as written, in the order of the tables.</value>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <value>Budgets as written, ascending.</value>
    public required IReadOnlyList<string> Keep { get; init; }

    /// <summary>
    /// The caches that answer every task, method by method, mode by mode and budget by budget; a
    /// method that drops nothing has one budget. They do not depend on what was answered.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<RunCache> Caches =>
        [
            .. from method in Methods
               let keeps = KeepsEverything(method) ? [RunCache.Everything] : Keep
               from name in Sessions is null ? [method] : Sessions.Select(mode => SessionMode.Parse(mode).NameOf(method))
               from keep in keeps
               select new RunCache(name, keep),
        ];

    /// <value>
    /// The modes in which tasks are given step by step, as <see cref="SessionMode"/> writes them; null (default) when tasks are single
    /// questions.
    /// </value>
    public IReadOnlyList<string>? Sessions { get; init; }

    /// <value>What is equal at one budget; default tokens.</value>
    public MatchBy Match { get; init; }

    /// <value>Of what a budget is a share; default all tokens.</value>
    public BudgetConvention Convention { get; init; }

    /// <value>How long methods remember; default one sample.</value>
    public MemorySpan Memory { get; init; }

    /// <value>Longest answer in tokens; default 32, twice what an action of MiniGui takes.</value>
    public int MaxNewTokens { get; init; } = 32;

    /// <value>A published benchmark's profile, model family, data and so on; null (default) for others.</value>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <value>
    /// Only tasks with these labels, as <c>kind=icon</c>; several values of a name are
    /// alternatives. Default all. Older runs' spellings are read as those of today.
    /// </value>
    public IReadOnlyList<string> Filter
    {
        get;
        init =>
            field =
            [
                .. (value ?? [])
                    .Select(f => f?.Split('=', 2) is [var label, var text] ? $"{label}={MiniGuiLabels.Current(label, text)}" : f!),
            ];
    } = [];

    /// <value>At most this many tasks; null (default) for all.</value>
    public int? Limit { get; init; }

    /// <value>Which tasks a limit takes: 0 (default) the first, else a draw with this seed.</value>
    public ulong Seed { get; init; }

    /// <summary>Whether a method drops nothing, whatever the budget; methods of other programs are taken to drop.</summary>
    private static bool KeepsEverything(string method) => Score.Methods.All.FirstOrDefault(m => m.Name == method.Split(':')[0]) is { } entry
        && entry.Create(new Dictionary<string, string>()).LayerBudget.DropsNothing;
}
