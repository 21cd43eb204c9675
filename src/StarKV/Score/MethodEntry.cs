namespace StarKV.Score;

/// <summary>One compression method as users choose it.</summary>
/// <param name="Name">The key in <c>--method</c>.</param>
/// <param name="Paper">Where it comes from: <c>arXiv</c> and a number, or <c>-</c>.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="PerHead">True when each key/value head keeps its own tokens; false when all heads of a layer keep the same.</param>
/// <param name="Options">Its options with their defaults.</param>
/// <param name="Create">Creates it from options written as text.</param>
public sealed record MethodEntry(
    string Name,
    string Paper,
    string Summary,
    bool PerHead,
    IReadOnlyList<MethodOption> Options,
    Func<IReadOnlyDictionary<string, string>, ICompressionMethod> Create)
{
    /// <value>Named sets of options, the default one first; none for most methods.</value>
    public IReadOnlyList<MethodPreset> Presets { get; init; } = [];

    /// <summary>Which heads keep their own tokens, in words.</summary>
    public string Selection => !PerHead ? "one per layer, for all its heads"
        : Options.All(o => o.Name != "granularity") ? "one for each KV head"
        : "one for each KV head; with granularity=query-head a copy of the cache for each query head";

    /// <summary>The paper's address; null when there is no paper.</summary>
    public string? PaperLink =>
        Paper.StartsWith("arXiv ", StringComparison.Ordinal) ? $"https://arxiv.org/abs/{Paper["arXiv ".Length..]}" : null;

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{Name}, options {ListText.Of([.. Options.Select(o => o.Name)])}, presets {ListText.Of([.. Presets.Select(p => p.Name)])}";
}

/// <summary>A named set of options.</summary>
/// <param name="Name">The name in <c>--set preset=NAME</c>.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Options">Every option with the preset's value as its default.</param>
public sealed record MethodPreset(string Name, string Meaning, IReadOnlyList<MethodOption> Options)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Name}: {ListText.Of([.. Options.Select(o => $"{o.Name}={o.Default}")])}";
}
