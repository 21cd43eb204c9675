using StarKV.Observe;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>For which heads tokens are kept separately.</summary>
public enum Granularity
{
    /// <summary>One selection per key/value head, by the mean of its query heads.</summary>
    KvHead,

    /// <summary>
    /// One selection per query head, on a copy of the cache for each: many times the bytes. Only for parity with released programs.
    /// </summary>
    QueryHead,
}

/// <summary>Options that every method which scores by window attention takes.</summary>
public sealed record AttentionOptions
{
    /// <value>Observation window W, 1–256 queries; default 8.</value>
    public int Window { get; init; } = 8;

    /// <value>Pooling kernel, odd, 1–63 tokens; default 5.</value>
    public int Kernel { get; init; } = 5;

    /// <value>Pooling along tokens; default average.</value>
    public Pooling Pooling { get; init; } = Pooling.Average;

    /// <value>For which heads tokens are kept separately; default each key/value head.</value>
    public Granularity Granularity { get; init; } = Granularity.KvHead;

    /// <value>
    /// Whether each token's score is multiplied by the L2 norm of the value that it would fetch, per key/value head; default false.
    /// The idea of VATP, arXiv 2406.12335, which takes the L1 norm.
    /// </value>
    public bool Value { get; init; }

    /// <summary>
    /// Pooled window attention, lifted by <paramref name="boost"/>, as the granularity wants it: [G, P], or [H, P] for query heads.
    /// </summary>
    internal Tensor Scores(in LayerObservation observation, SpatialBoost boost = default)
    {
        var scores = Attended(observation, boost);
        if (!Value)
            return scores;
        var norms = ValueNorms.Of(observation);
        return scores.mul_(norms.repeat_interleave(scores.shape[0] / norms.shape[0], 0));
    }

    private Tensor Attended(in LayerObservation observation, SpatialBoost boost)
    {
        if (Granularity == Granularity.KvHead && WindowAttentionOnCard.Groups(observation, Kernel, Pooling, boost) is { } groups)
            return groups;
        var attention = WindowAttention.Pooled(observation, Kernel, Pooling);
        boost.AddTo(attention, observation);
        return Granularity == Granularity.QueryHead
            ? attention
            : attention.view(observation.KvHeads, observation.HeadsPerGroup, -1).mean([1]);
    }

    /// <summary>Copies of each key/value head that the granularity stores, of <paramref name="headsPerGroup"/> query heads.</summary>
    internal int HeadCopies(int headsPerGroup) => Granularity == Granularity.QueryHead ? headsPerGroup : 1;

    /// <summary>These options in a method's table; <typeparamref name="T"/> is the method's options record, which holds them.</summary>
    internal static OptionTable<T> AddTo<T>(OptionTable<T> table, Func<T, AttentionOptions> get, Func<T, AttentionOptions, T> set) => table
        .Whole("window", o => get(o).Window, (o, v) => set(o, get(o) with { Window = v }), 1, 256, "observation window W in queries")
        .Whole("kernel", o => get(o).Kernel, (o, v) => set(o, get(o) with { Kernel = v }), 1, 63, "pooling kernel in tokens", odd: true)
        .Choice("pooling", o => get(o).Pooling, (o, v) => set(o, get(o) with { Pooling = v }), "pooling along tokens",
            ("average", Pooling.Average), ("max", Pooling.Max))
        .Choice("granularity", o => get(o).Granularity, (o, v) => set(o, get(o) with { Granularity = v }),
            "for which heads tokens are kept separately", ("kv-head", Granularity.KvHead), ("query-head", Granularity.QueryHead))
        .Switch("value", o => get(o).Value, (o, v) => set(o, get(o) with { Value = v }),
            "whether a score is multiplied by the norm of the token's value");

    /// <summary>The table of a method that has only these options.</summary>
    internal static OptionTable<AttentionOptions> TableOf(string method) =>
        AddTo(new OptionTable<AttentionOptions>(method), o => o, (_, o) => o);
}
